using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Nodes;

namespace OrleansHybrid.Domain.Routing;

/// <summary>The part of a snapshot that a plan for one model reads: written into a record, and built again from it. Pure.</summary>
/// <remarks>A new input of the planner belongs in both directions here; a test compares the inputs' members with those this class knows.</remarks>
internal static class DecisionSnapshot
{
    public static DecisionFacts Facts(RoutePlan plan)
    {
        var inputs = plan.Snapshot.Inputs;
        var model = plan.Snapshot.Find(plan.Request.Model);
        var version = plan.Chosen ?? Asked(model, plan.Request.Version);
        return new DecisionFacts(
            inputs.Cell, inputs.Zone, inputs.Node, inputs.Policy.Name, inputs.Policy.Revision, inputs.Draining, inputs.MemoryBytes, inputs.MeteredLink, model is not null,
            version is null ? [] : Peers(inputs, plan.Request.Model, version.Entry.Version),
            [.. inputs.Upstreams.Select(link => Link(inputs, link, plan.Request.Model, version?.Entry.Version ?? 0))],
            version is null ? null : Version(inputs, version.Entry), inputs.BatteryPercent, inputs.Pressure);
    }

    /// <summary>What the plan was made from, with another policy or the same one.</summary>
    /// <param name="manifest">The version's, unchanged since; null when it had none.</param>
    public static ZoneSnapshot Rebuild(DecisionRecord record, CompiledPolicy policy, ModelManifest? manifest)
    {
        var facts = record.Facts;
        var model = record.Ask.Model;
        var entries = facts.ModelKnown ? new Dictionary<string, ModelEntry>(StringComparer.Ordinal) { [model] = Entry(model, facts.Version, manifest) } : [];
        return SnapshotBuilder.Build(new SnapshotInputs(
            facts.Cell, facts.Zone, facts.Node, policy, new RepositoryState(entries), Loads(model, facts.Version),
            [.. facts.Peers.Select(peer => Peer(facts, model, peer))],
            [.. facts.Links.Select((link, i) => new UpstreamState(link.Name, LinkAddress(i), link.Zone, link.Health, link.RoundTripMsP95, link.Samples, link.Since) { Loss = link.Loss })],
            facts.Draining)
        {
            MemoryBytes = facts.MemoryBytes, BatteryPercent = facts.BatteryPercent, MeteredLink = facts.MeteredLink, Pressure = facts.Pressure, Above = Asked(model, facts),
        });
    }

    public static PlanRequest Request(DecisionAsk ask) => new(
        ask.Model,
        ask.Version,
        new RouteParameters(ask.Mode, ask.Privacy, ask.LatencyTargetMs, ask.MaxCostMicrousd, ask.ConfidenceFloor, ask.Explain, ask.Tags),
        new Caller(ask.Tenant, ask.Hops, ask.TrustedHop, null),
        ask.InputBytes,
        Milliseconds(ask.DeadlineMs),
        new RequestSignals(ask.Signals.Hard, ask.Signals.HardFrom, new QuotaState(ask.Signals.OverRate, ask.Signals.MoneyLeftMicrousd, Milliseconds(ask.Signals.RetryAfterMs))));

    private static VersionIndex? Asked(ModelIndex? model, int? version) =>
        version is { } wanted ? model?.Versions.GetValueOrDefault(wanted) : model?.Default;

    private static DecisionVersion Version(SnapshotInputs inputs, VersionEntry entry) => new(
        entry.Version, entry.State, entry.PlainFolder,
        [.. from held in entry.Loaded
            let load = inputs.Local.GetValueOrDefault(held.Key)
            select new DecisionVariant(held.Key.Variant, held.Digest, load.QueueMsP95, load.RunMsP95, load.Waiting, load.Samples, load.HasRun, load.Cold, load.LoadMs)],
        entry.Manifest?.Digest, entry.Classifier is not null);

    private static DecisionPeer[] Peers(SnapshotInputs inputs, string model, int version) =>
    [
        .. from peer in inputs.Peers
           where peer.Zone == inputs.Zone && peer.Kind == NodeKind.Silo && peer.Key.Node != inputs.Node
           from held in peer.Variants.Where(v => v.Key.Version == version && v.Key.Model == model && !v.Key.IsClassifier && Allowed(inputs, v)).Take(1)
           let asked = inputs.Above.GetValueOrDefault(new AboveKey(peer.InferenceAddress, model, version))
           select new DecisionPeer(peer.Key.Node, held.Key.Variant, held.Digest, held.QueueMsP95, held.RunMsP95, asked.MsP95, asked.Samples),
    ];

    private static bool Allowed(SnapshotInputs inputs, NodeVariant held) =>
        inputs.Repository.Models.GetValueOrDefault(held.Key.Model)?.Find(held.Key.Version) is { } version && VersionIndexer.MayAnswer(version, held);

    private static DecisionLink Link(SnapshotInputs inputs, UpstreamState link, string model, int version)
    {
        var asked = inputs.Above.GetValueOrDefault(new AboveKey(link.Address, model, version));
        return new DecisionLink(link.Name, link.Zone, link.Health, link.RoundTripMsP95, link.Samples, link.Since, link.Loss, asked.MsP95, asked.Samples);
    }

    /// <summary>What was measured at places that are reached over a link. Records hold no addresses: peers and links get one each by their place.</summary>
    private static Dictionary<AboveKey, AboveLoad> Asked(string model, DecisionFacts facts)
    {
        var version = facts.Version?.Version ?? 0;
        var asked = new Dictionary<AboveKey, AboveLoad>();
        for (var i = 0; i < facts.Links.Count; i++) asked[new AboveKey(LinkAddress(i), model, version)] = new AboveLoad(facts.Links[i].AskedMsP95, facts.Links[i].AskedSamples);
        foreach (var peer in facts.Peers) asked[new AboveKey(PeerAddress(peer), model, version)] = new AboveLoad(peer.AskedMsP95, peer.AskedSamples);
        return asked;
    }

    private static string LinkAddress(int place) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"link:{place}");

    private static string PeerAddress(DecisionPeer peer) => "peer:" + peer.Node;

    private static ModelEntry Entry(string model, DecisionVersion? version, ModelManifest? manifest) => new(
        model,
        VersionPolicy.Default,
        version is null ? [] : [new VersionEntry(version.Version, version.State, manifest, [.. version.Held.Select(held => Loaded(model, version, held))], "", version.PlainFolder) { Classifier = version.Classifier ? Classifier(model, version) : null }]);

    private static LoadedVariant Classifier(string model, DecisionVersion version) =>
        new(new VariantKey(model, version.Version, ClassifierManifest.VariantName), "", [], [], TimeSpan.Zero, TimeSpan.Zero);

    private static LoadedVariant Loaded(string model, DecisionVersion version, DecisionVariant held) =>
        new(new VariantKey(model, version.Version, held.Variant), held.Digest, [], [], TimeSpan.Zero, TimeSpan.Zero);

    private static Dictionary<VariantKey, VariantLoad> Loads(string model, DecisionVersion? version) =>
        version?.Held.ToDictionary(held => new VariantKey(model, version.Version, held.Variant), held => new VariantLoad(held.QueueMsP95, held.RunMsP95, held.Waiting, held.Samples, held.HasRun, held.Cold, held.LoadMs)) ?? [];

    private static NodeReport Peer(DecisionFacts facts, string model, DecisionPeer peer) => new(
        new NodeKey(facts.Cell, peer.Node), NodeKind.Silo, facts.Zone, 0, 0, PeerAddress(peer),
        [new NodeVariant(new VariantKey(model, facts.Version?.Version ?? 0, peer.Variant), peer.Digest, peer.QueueMsP95, peer.RunMsP95, 0)], 0, 0);

    /// <summary>Exact to a tick, which a conversion that cuts off is not.</summary>
    private static TimeSpan Milliseconds(double value) => TimeSpan.FromTicks((long)Math.Round(Math.Clamp(value, 0, 1e12) * TimeSpan.TicksPerMillisecond));
}
