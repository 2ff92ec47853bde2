using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Domain.Routing;

/// <summary>A farm that exists on paper: manifests, a policy and figures, with every variant loaded where its manifest wants it. What policy tests and fit worksheets plan against, by the planner itself.</summary>
/// <param name="ArrivedIn">The zone that decides.</param>
/// <param name="Links">The links from that zone to each zone above; a zone without one is unlinked.</param>
/// <param name="Measured">Loads that were measured; a variant that is missing has its manifest's declared latency.</param>
public sealed record TrialFarm(Zone ArrivedIn, CompiledPolicy Policy, IReadOnlyList<ModelManifest> Manifests, IReadOnlyList<TrialLink> Links, IReadOnlyDictionary<VariantKey, VariantLoad> Measured)
{
    /// <summary>Memory of the deciding host in bytes; 0: unknown.</summary>
    public long MemoryBytes { get; init; }

    /// <summary>Charge of a device's battery in [0, 100]; null: mains.</summary>
    public int? BatteryPercent { get; init; }

    public ZoneSnapshot Snapshot(DateTimeOffset now) => SnapshotBuilder.Build(Inputs(now));

    public SnapshotInputs Inputs(DateTimeOffset now) => new(
        "trial-" + ArrivedIn.WireName(),
        ArrivedIn,
        "trial",
        Policy,
        new RepositoryState(Manifests.GroupBy(m => m.Model, StringComparer.Ordinal).ToDictionary(g => g.Key, Entry, StringComparer.Ordinal)),
        Measured,
        [],
        [.. Links.Where(l => l.To > ArrivedIn).Select(l => l.State(now))]) { MemoryBytes = MemoryBytes, BatteryPercent = BatteryPercent };

    private ModelEntry Entry(IGrouping<string, ModelManifest> model) =>
        new(model.Key, VersionPolicy.Default, [.. model.OrderBy(m => m.Version).Select(Entry)]);

    private VersionEntry Entry(ModelManifest manifest)
    {
        var loaded = manifest.Variants.Where(v => v.Zones.Contains(ArrivedIn) && Fits(v));
        return new VersionEntry(manifest.Version, VersionState.Ready, manifest, [.. loaded.Select(v => Load(manifest, v))], "", false);
    }

    private bool Fits(VariantManifest variant) => MemoryBytes == 0 || variant.MemoryMib * (1 << 20) <= MemoryBytes;

    private static LoadedVariant Load(ModelManifest manifest, VariantManifest variant) =>
        new(new VariantKey(manifest.Model, manifest.Version, variant.Name), variant.Digest, manifest.Inputs, manifest.Outputs, TimeSpan.Zero, TimeSpan.Zero);
}

/// <param name="RoundTripMs">Predicted p95 of the link alone, milliseconds.</param>
public sealed record TrialLink(Zone To, LinkHealth Health, double RoundTripMs)
{
    internal UpstreamState State(DateTimeOffset now) =>
        new("trial-" + To.WireName(), "http://trial-" + To.WireName(), To, Health, RoundTripMs, 1, now - Limits.LinkCooldown - Limits.LinkCooldown);
}
