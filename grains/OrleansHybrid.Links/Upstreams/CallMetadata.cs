using System.Diagnostics;
using Grpc.Core;
using OrleansHybrid.Domain.Routing;

namespace OrleansHybrid.Links.Upstreams;

/// <summary>The metadata of one call: who passed it on, who pays, which trace, which credential. Never <c>mode</c>.</summary>
internal static class CallMetadata
{
    public static Metadata Build(UpstreamRequest request, UpstreamOptions options)
    {
        var metadata = new Metadata
        {
            { WireNames.HopsHeader, string.Join(',', Hops(request.Hops, options.Cell)) },
            { WireNames.TenantHeader, Uri.EscapeDataString(request.Tenant) },
        };
        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C, Id: { } id }) metadata.Add(WireNames.TraceParentHeader, id);
        if (options.Credential is { } credential) metadata.Add("authorization", "Bearer " + credential);
        return metadata;
    }

    /// <summary>This cell comes last; whether the caller counted it in already does not matter.</summary>
    private static IEnumerable<string> Hops(IReadOnlyList<string> passed, string cell)
    {
        foreach (var hop in passed) yield return Uri.EscapeDataString(hop);
        if (passed.Count == 0 || passed[^1] != cell) yield return Uri.EscapeDataString(cell);
    }
}
