using System.Net;

namespace OrleansHybrid.Links.Upstreams;

/// <summary>Reads an upstream's address and holds the rule that plain text goes to loopback only, unless the operator allowed more.</summary>
public static class UpstreamAddress
{
    /// <param name="error">What was expected, what came and what to do; null on success.</param>
    public static Uri? Parse(string text, bool insecureLinks, out string? error)
    {
        error = null;
        var withScheme = text.Contains("://", StringComparison.Ordinal) ? text : "http://" + text;
        if (!Uri.TryCreate(withScheme, UriKind.Absolute, out var uri) || !IsWeb(uri) || uri.PathAndQuery != "/" || uri.UserInfo.Length > 0)
        {
            error = $"The upstream '{text}' is not an address of the form http(s)://host:port. Give the host and gRPC port of the cell above, for example http://127.0.0.1:8001.";
            return null;
        }

        if (uri.Scheme == Uri.UriSchemeHttps || insecureLinks || IsLoopback(uri)) return uri;
        error = $"The upstream '{text}' would be reached in plain text beyond this machine. Use https://, or allow it with --insecure-links.";
        return null;
    }

    private static bool IsWeb(Uri uri) => uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps;

    private static bool IsLoopback(Uri uri) =>
        uri.DnsSafeHost == "localhost" || (IPAddress.TryParse(uri.DnsSafeHost, out var ip) && IPAddress.IsLoopback(ip));
}
