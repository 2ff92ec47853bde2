using Microsoft.AspNetCore.Http;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Gateway.Failures;
using OrleansHybrid.Gateway.Rest;

namespace OrleansHybrid.Gateway.Access;

/// <summary>Makes the <see cref="Caller"/> of a request from its credential and hop metadata.</summary>
internal static class CallerReader
{
    /// <summary>The caller; hops are bounded, and tenant and hops of anybody but a link are not believed.</summary>
    public static InferenceFailure? Read(CallerIdentity identity, IHeaderDictionary headers, out Caller caller)
    {
        string? trace = headers[ProtocolHeaders.TraceParent];
        if (trace?.Length > Limits.NameCharsMax) trace = null;
        caller = identity.Tenant == Caller.DefaultTenant && trace is null && !identity.IsLink
            ? Caller.Anonymous
            : new Caller(identity.Tenant, [], false, trace);
        return identity.IsLink ? ReadHop(identity, headers, trace, out caller) : null;
    }

    private static InferenceFailure? ReadHop(CallerIdentity identity, IHeaderDictionary headers, string? trace, out Caller caller)
    {
        // Both travel percent-encoded: names may hold what a header may not.
        var tenant = Uri.UnescapeDataString((string?)headers[ProtocolHeaders.Tenant] ?? "");
        var text = (string?)headers[ProtocolHeaders.Hops] ?? "";
        var hops = Array.ConvertAll(text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), Uri.UnescapeDataString);
        caller = new Caller(tenant.Length == 0 ? identity.Tenant : tenant, hops, true, trace);
        if (tenant.Length > Limits.NameCharsMax || hops.Any(h => h.Length > Limits.NameCharsMax)) return Bad.Input($"A cell or tenant in the hop metadata is longer than {Limits.NameCharsMax} characters.");
        return hops.Length <= Limits.HopsMax ? null : Bad.Input($"The request passed {hops.Length} cells; at most {Limits.HopsMax} are allowed, since a chain that long is a loop.");
    }
}
