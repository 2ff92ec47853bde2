using Microsoft.AspNetCore.Http;

namespace OrleansHybrid.Gateway.Access;

/// <summary>Who asks for a change and why, for records of it.</summary>
/// <param name="Who">The credential by name.</param>
/// <param name="Why">What the caller gave as the reason; empty: nothing.</param>
public sealed record ChangeAuthor(string Who, string Why)
{
    /// <summary>Taken by every route that changes something, REST header and gRPC metadata alike. Percent-encoding is undone, since a header carries ASCII.</summary>
    public const string ReasonHeader = "hybrid-reason";

    public static ChangeAuthor Of(HttpContext http, CallerIdentity identity) => new(identity.Name, Uri.UnescapeDataString(http.Request.Headers[ReasonHeader].ToString()));
}
