using Xunit;
using OrleansHybrid.Domain.Privacy;
using OrleansHybrid.Domain.Routing;

namespace OrleansHybrid.Domain.Tests.Routing;

/// <summary>The effective ceiling and mode worked out a second time, from the policy as people wrote it, in the plainest way.</summary>
internal static class Oracle
{
    public static PrivacyCeiling Ceiling(GeneratedFarm farm)
    {
        var request = farm.Request;
        var manifest = farm.ManifestCeiling(request.Model);
        if (Entry(farm) is null && !IsHeldByPeer(farm)) return PrivacyCeiling.Device;

        var matching = Matching(farm);
        var loosened = matching.Where(r => r.Loosen is not null).Select(r => Parse(r.Loosen!.Privacy!)).ToArray();
        var entry = manifest;
        if (request.Caller.TrustedHop) entry = request.Parameters.Privacy ?? manifest;
        else if (loosened.Length > 0) entry = (PrivacyCeiling)Math.Max((int)manifest, (int)loosened.Min());

        var all = new List<PrivacyCeiling> { entry };
        all.AddRange(matching.Where(r => r.Set?.Privacy is not null).Select(r => Parse(r.Set!.Privacy!)));
        if (request.Parameters.Privacy is { } asked) all.Add(asked);
        return all.Min();
    }

    public static RouteMode Mode(GeneratedFarm farm)
    {
        var text = Matching(farm).Select(r => r.Set?.Mode).FirstOrDefault(m => m is not null)
            ?? farm.Request.Parameters.Mode?.WireName() ?? farm.Farm.Policy.Defaults.Mode ?? "AUTO";
        Assert.True(RouteModes.TryParse(text, out var mode));
        return mode;
    }

    public static bool ModeLets(RouteMode mode, Zone zone) => mode.WireName() switch
    {
        "ONLY_ON_DEVICE" => zone == Zone.Device,
        "ONLY_EDGE" => zone == Zone.Edge,
        "ONLY_IN_CLOUD" => zone == Zone.Cloud,
        _ => true,
    };

    /// <summary>The version that answers, if it is ready.</summary>
    public static Domain.Models.VersionEntry? Entry(GeneratedFarm farm) =>
        farm.Farm.Inputs().Repository.Models.GetValueOrDefault(farm.Request.Model)?.Default;

    /// <summary>A version that is not ready here, and known here, is a peer's to answer, unless the request came from one. In generated farms peers hold the same files.</summary>
    private static bool IsHeldByPeer(GeneratedFarm farm)
    {
        var (state, hops) = (farm.Farm, farm.Request.Caller.Hops);
        return state.Inputs().Repository.Models.GetValueOrDefault(farm.Request.Model)?.Versions is [{ Manifest: { } manifest }]
            && state.Peers.Any(p => p.Variants[0].Key.Model == farm.Request.Model && manifest.Variants.Any(v => v.Name == p.Variants[0].Key.Variant)) && !(hops.Count > 0 && hops[^1] == state.Cell);
    }

    private static RuleConfig[] Matching(GeneratedFarm farm) => farm.Farm.Policy.Rules.Where(rule =>
    {
        var (when, request) = (rule.When, farm.Request);
        var model = when.Model is null || when.Model == request.Model;
        var tenant = when.Tenant is null || when.Tenant == request.Caller.Tenant;
        var tags = when.Tags is null || when.Tags.All(t => request.Parameters.Tags.Contains(t));
        var size = (when.InputBytesAbove is null || farm.Bytes > when.InputBytesAbove) && (when.InputBytesBelow is null || farm.Bytes < when.InputBytesBelow);
        var arrived = when.ArrivedIn is null || when.ArrivedIn == farm.Farm.Zone.WireName();
        return model && tenant && tags && size && arrived;
    }).ToArray();

    private static PrivacyCeiling Parse(string text) => text switch
    {
        "device" => PrivacyCeiling.Device,
        "edge" => PrivacyCeiling.Edge,
        "any" => PrivacyCeiling.Any,
        _ => throw new ArgumentException(text),
    };
}
