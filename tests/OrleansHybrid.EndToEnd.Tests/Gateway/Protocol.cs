using System.Text.Json;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Gateway;

internal static class Protocol
{
    /// <summary>The body is the protocol's error object and nothing else, and tells nothing of this host. Returns its text.</summary>
    public static string AssertError(string body)
    {
        var error = JsonDocument.Parse(body).RootElement;
        Assert.Equal("error", Assert.Single(error.EnumerateObject()).Name);
        var text = error.GetProperty("error").GetString()!;
        Assert.NotEmpty(text);
        Assert.DoesNotContain("   at ", text);
        Assert.DoesNotContain("Exception", text);
        Assert.DoesNotContain(AppContext.BaseDirectory, text);
        return text;
    }
}
