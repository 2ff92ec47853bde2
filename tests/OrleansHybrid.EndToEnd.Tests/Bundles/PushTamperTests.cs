using OrleansHybrid.Domain.Bundles;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Bundles;

/// <summary>Pushes that are refused without being tampered with: the table of those is Tamper/TamperTable.</summary>
public sealed class PushTamperTests(PushCell fixture) : IClassFixture<PushCell>
{
    [Fact]
    public async Task Publisher_that_nobody_trusts_is_refused()
    {
        using var trusted = await fixture.TrustedAsync(new PushedVersion("trusted"));
        using var version = new PushedVersion("stranger");
        await version.SignAsync();

        Assert.Equal(nameof(BundleRefusal.UnknownKey), (await fixture.Calls.PushAsync(version)).Refusal);
        Assert.Null(await fixture.Calls.PublishedAsync("stranger", 1));
    }

    [Fact]
    public async Task Number_that_is_published_never_gets_other_content()
    {
        using var version = await fixture.TrustedAsync(new PushedVersion("again"));
        await version.SignAsync();
        var bundle = (string)(await fixture.Calls.PushAsync(version)).Body!["bundle"]!;
        version.Write("notes.txt", "other content");
        await version.SignAsync();

        var refused = await fixture.Calls.PushAsync(version);

        Assert.Equal((409, nameof(BundleRefusal.Conflict)), (refused.Status, refused.Refusal));
        Assert.Contains("give the new content the number 2", (string)refused.Body!["error"]!, StringComparison.Ordinal);
        Assert.Equal(bundle, (string)(await fixture.Calls.PublishedAsync("again", 1))!["bundle"]!);
    }

    [Fact]
    public async Task Commit_before_every_file_is_here_and_of_an_upload_that_is_gone_say_what_to_do()
    {
        using var version = await fixture.TrustedAsync(new PushedVersion("early"));
        version.Write("notes.txt", "early");
        await version.SignAsync();
        var id = (string)(await fixture.Calls.BeginAsync(version)).Body!["id"]!;

        var early = await fixture.Calls.CommitAsync(id);
        var removed = await fixture.Calls.SendAsync(HttpMethod.Delete, $"uploads/{id}", null);
        var gone = await fixture.Calls.CommitAsync(id);
        var offset = await fixture.Calls.PutAsync(id, PushCalls.DigestOf(version.Read("notes.txt")), [1], 5);

        Assert.Equal((409, 204, 404, 404), (early.Status, removed.Status, gone.Status, offset.Status));
        Assert.Contains("has not arrived whole", (string)early.Body!["error"]!, StringComparison.Ordinal);
        Assert.Contains("Push the version again", (string)gone.Body!["error"]!, StringComparison.Ordinal);
        Assert.Null(await fixture.Calls.PublishedAsync("early", 1));
    }
}
