using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Nodes;
using OrleansHybrid.Domain.Privacy;

namespace OrleansHybrid.Domain.Routing;

/// <summary>Works out, for each version, where it could be answered and at what predicted latency and price.</summary>
/// <remarks>Measured figures win; before the first sample, and after a while without one, the manifest's declared latency stands in, and candidates say so.</remarks>
internal sealed class VersionIndexer(SnapshotInputs inputs)
{
    private readonly ZonePrices here = inputs.Policy.PricesIn(inputs.Zone);

    public ModelIndex Index(ModelEntry entry)
    {
        var model = new ModelIndex { Entry = entry, Rules = inputs.Policy.RulesFor(entry.Name) };
        foreach (var version in entry.Versions) model.Versions[version.Version] = Index(model, version);
        model.Default = entry.Default is { } best ? model.Versions[best.Version] : HighestOfPeers(model);
        return model;
    }

    /// <summary>Where no version is ready here, the highest one that a peer answers for.</summary>
    private static VersionIndex? HighestOfPeers(ModelIndex model) =>
        model.Versions.Values.Where(v => v.IsAnswerable).MaxBy(v => v.Entry.Version);

    private VersionIndex Index(ModelIndex model, VersionEntry version)
    {
        var local = version.State == VersionState.Ready ? version.Loaded.Select(loaded => Here(version, loaded)).ToArray() : [];
        return new VersionIndex
        {
            Entry = version,
            Model = model,
            ManifestCeiling = version.Manifest?.Privacy ?? (version.PlainFolder ? PrivacyCeiling.Any : PrivacyCeiling.Device),
            Here = local,
            Peers = Peers(model.Entry.Name, version),
            Upstreams = [.. inputs.Upstreams.Where(state => state.Zone >= inputs.Zone).Select(state => Above(model.Entry.Name, version, state))],
            NoneHere = NoneHere(version),
            ChangesOften = UpdateRules.ChangesOften(version.Manifest?.Updates),
        };
    }

    private Candidate Here(VersionEntry version, LoadedVariant loaded)
    {
        var load = inputs.Local.GetValueOrDefault(loaded.Key);
        var measured = load.Samples > 0;
        var run = measured ? load.RunMsP95 : Declared(version, loaded.Key.Variant);
        return new Candidate(
            AttemptTarget.Here, inputs.Zone, inputs.Cell, inputs.Node, "", loaded.Key,
            load.QueueMsP95, run, 0, measured, run * here.ComputeMs, 0, RuleCode.None, default,
            Behind(inputs.Zone, inputs.Cell, inputs.Node, loaded.Key, loaded.Digest)) { Warm = !load.Cold && (measured || load.HasRun), LoadMs = load.LoadMs };
    }

    private Candidate[] Peers(string model, VersionEntry version) =>
    [
        .. from peer in inputs.Peers
           where peer.Zone == inputs.Zone && peer.Kind == NodeKind.Silo && peer.Key.Node != inputs.Node
           from variant in peer.Variants.Where(v => v.Key.Version == version.Version && v.Key.Model == model && !v.Key.IsClassifier && MayAnswer(version, v)).Take(1)
           let candidate = Peer(version, peer, variant)
           orderby candidate.PredictedMs
           select candidate,
    ];

    /// <summary>
    /// A version that is not ready here is answered by a peer all the same, but only by the very variant of the manifest that is known here: its ceiling is what the request is held
    /// to, and other files could come with another one. Without a manifest no peer is asked.
    /// </summary>
    internal static bool MayAnswer(VersionEntry version, NodeVariant held) =>
        version.State == VersionState.Ready || version.Manifest?.Variants.Any(v => v.Name == held.Key.Variant && v.Digest == held.Digest) == true;

    private Candidate Peer(VersionEntry version, NodeReport peer, NodeVariant variant)
    {
        var asked = inputs.Above.GetValueOrDefault(new AboveKey(peer.InferenceAddress, variant.Key.Model, variant.Key.Version));
        var reported = variant.RunMsP95 > 0;
        var measured = reported || asked.Samples > 0;
        var run = reported ? variant.RunMsP95 : asked.Samples > 0 ? asked.MsP95 : Declared(version, variant.Key.Variant);
        return new Candidate(
            AttemptTarget.Peer, inputs.Zone, inputs.Cell, peer.Key.Node, peer.InferenceAddress, variant.Key,
            variant.QueueMsP95, run, 0, measured, run * here.ComputeMs, 0, RuleCode.None, default,
            Behind(inputs.Zone, inputs.Cell, peer.Key.Node, variant.Key, variant.Digest)) { Warm = measured };
    }

    private Candidate Above(string model, VersionEntry version, UpstreamState state)
    {
        var prices = inputs.Policy.PricesIn(state.Zone);
        var variant = version.Manifest?.Variants.FirstOrDefault(v => v.Zones.Contains(state.Zone));
        var key = new VariantKey(model, version.Version, variant?.Name ?? "");
        var asked = inputs.Above.GetValueOrDefault(new AboveKey(state.Address, model, version.Version));
        var (measured, declared) = (asked.Samples > 0, variant?.LatencyMs ?? 0);
        var run = measured ? asked.MsP95 : declared;

        // What was measured holds the server's queue, which nobody is charged for; so the declared run is priced where there is one.
        var cost = (declared > 0 ? declared : run) * prices.ComputeMs;
        return new Candidate(
            AttemptTarget.Upstream, state.Zone, state.Name, "", state.Address, key,
            0, run, state.ExpectedMsP95, measured, cost, prices.WanKib, Excluded(state, variant), state.Since,
            Behind(state.Zone, state.Name, "", new VariantKey(model, version.Version, ""), "")) { Warm = measured, RoundTripMs = state.RoundTripMsP95 };
    }

    private static RuleCode Excluded(UpstreamState state, VariantManifest? variant) => state.Health switch
    {
        LinkHealth.Down => BuiltInRule.Offline,
        LinkHealth.Cut => BuiltInRule.Cut,
        _ => variant is null ? BuiltInRule.Capability : RuleCode.None,
    };

    private RuleCode NoneHere(VersionEntry version)
    {
        var declared = version.Manifest?.Variants.Where(v => v.Zones.Contains(inputs.Zone)).ToArray() ?? [];
        if (declared.Length == 0) return BuiltInRule.Capability;
        var fits = inputs.MemoryBytes == 0 || declared.Any(v => v.MemoryMib * (1 << 20) <= inputs.MemoryBytes);
        return fits ? BuiltInRule.Unloaded : BuiltInRule.Memory;
    }

    private Provenance Behind(Zone zone, string cell, string node, VariantKey key, string digest) =>
        new(zone, cell, node, key.Model, key.Version, key.Variant, digest, inputs.Policy.Revision);

    private static double Declared(VersionEntry version, string variant) =>
        version.Manifest?.Variants.FirstOrDefault(v => v.Name == variant)?.LatencyMs ?? 0;
}
