using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace OrleansHybrid.Gateway.Rest;

/// <summary>Chooses how to compress an answer from <c>Accept-Encoding</c>.</summary>
internal static class AcceptedEncoding
{
    /// <summary><c>gzip</c>, <c>deflate</c> or null; gzip when the caller likes both the same.</summary>
    public static string? Choose(StringValues header)
    {
        if (header.Count == 0 || !StringWithQualityHeaderValue.TryParseList(header, out var values)) return null;
        var gzip = Quality(values, "gzip");
        var deflate = Quality(values, "deflate");
        if (gzip <= 0 && deflate <= 0) return null;
        return gzip >= deflate ? "gzip" : "deflate";
    }

    private static double Quality(IList<StringWithQualityHeaderValue> values, string coding)
    {
        foreach (var value in values)
        {
            if (value.Value.Equals(coding, StringComparison.OrdinalIgnoreCase)) return value.Quality ?? 1;
        }

        return 0;
    }
}
