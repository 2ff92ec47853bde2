using Xunit;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Nodes;
using OrleansHybrid.Domain.Privacy;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Domain.Tests.Routing;

/// <summary>A cell in a state that a test describes piece by piece.</summary>
internal sealed class Farm
{
    public static readonly DateTimeOffset Start = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);
    private static readonly string[] Labels = ["yes", "no", "noise"];

    private readonly Dictionary<string, ModelEntry> models = new(StringComparer.Ordinal);
    private readonly Dictionary<VariantKey, VariantLoad> local = [];
    private readonly Dictionary<AboveKey, AboveLoad> above = [];

    public string Cell { get; set; } = "eu-west";

    public Zone Zone { get; set; } = Zone.Edge;

    public string Node { get; set; } = "n1";

    public PolicyConfig Policy { get; set; } = new() { Policy = "test", Revision = 1 };

    public List<NodeReport> Peers { get; } = [];

    public List<UpstreamState> Upstreams { get; } = [];

    /// <summary>What tenants have left; one that is missing has no quota.</summary>
    public Dictionary<string, QuotaState> Quotas { get; } = [];

    public bool Draining { get; set; }

    /// <summary>How many entries of the policy's shed list are shed.</summary>
    public int Pressure { get; set; }

    public long MemoryBytes { get; set; }

    public int? Battery { get; set; }

    public bool Metered { get; set; }

    public IEnumerable<string> ModelNames => models.Keys;

    /// <summary>Adds a version; variants are given best first.</summary>
    public void AddVersion(string model, int version, PrivacyCeiling privacy, double? floor, IEnumerable<VariantManifest> variants, IEnumerable<string> loaded, VersionState state = VersionState.Ready, bool broken = false, UpdateCadence? updates = null, double? classifier = null, bool classifierLoaded = true)
    {
        var outputs = new[] { new TensorSpec("probabilities", TensorDataType.Fp32, new TensorShape(-1, 3), Labels), new TensorSpec("extra", TensorDataType.Fp32, new TensorShape(-1, 3)) };
        var manifest = broken ? null : new ModelManifest(
            model, version, "", "", [new TensorSpec("audio", TensorDataType.Int16, new TensorShape(-1, 4))], outputs,
            floor is { } low ? new ConfidenceRule("probabilities", ConfidenceRuleKind.Max, low) : null,
            privacy, updates, BatchingSettings.None, [.. variants], "sha256:0")
        {
            Classifier = classifier is { } threshold ? new ClassifierManifest("hard.onnx", "hard", threshold, "sha256:hard", 1000) : null,
        };
        var held = loaded.Select(name => new LoadedVariant(new VariantKey(model, version, name), "sha256:" + name, [], outputs, TimeSpan.Zero, TimeSpan.Zero));
        var entry = new VersionEntry(version, state, manifest, [.. held], "", false)
        {
            Classifier = classifier is not null && classifierLoaded ? Classifier(model, version) : null,
        };
        var others = models.TryGetValue(model, out var known) ? known.Versions : [];
        models[model] = new ModelEntry(model, VersionPolicy.Default, [.. others.Append(entry).OrderBy(v => v.Version)]);
    }

    private static LoadedVariant Classifier(string model, int version) => new(
        new VariantKey(model, version, ClassifierManifest.VariantName), "sha256:hard", [new TensorSpec("audio", TensorDataType.Int16, new TensorShape(-1, 4))],
        [new TensorSpec("hard", TensorDataType.Fp32, new TensorShape(-1, 1))], TimeSpan.Zero, TimeSpan.Zero);

    public void Measure(VariantKey variant, double queueMs, double runMs) => local[variant] = new VariantLoad(queueMs, runMs, 0, 100, HasRun: true);

    /// <summary>It ran once, but not lately.</summary>
    public void WarmUp(VariantKey variant) => local[variant] = new VariantLoad(0, 0, 0, 0, HasRun: true);

    /// <summary>It is known, but out of memory.</summary>
    public void TakeOut(VariantKey variant, double loadMs) => local[variant] = local.GetValueOrDefault(variant) with { Cold = true, LoadMs = loadMs };

    public void MeasureAbove(string name, string model, int version, double ms) => above[new AboveKey("http://" + name, model, version)] = new AboveLoad(ms, 100);

    public void AddPeer(string node, VariantKey variant, double queueMs = 0, double runMs = 1, string? digest = null) =>
        Peers.Add(new NodeReport(new NodeKey(Cell, node), NodeKind.Silo, Zone, 1, 1, "http://" + node, [new NodeVariant(variant, digest ?? "sha256:" + variant.Variant, queueMs, runMs, 0)], 0, 2));

    public void AddUpstream(string name, Zone zone, LinkHealth health, double roundTripMs, TimeSpan age, double loss = 0) =>
        Upstreams.Add(new UpstreamState(name, "http://" + name, zone, health, roundTripMs, 10, Start - age) { Loss = loss });

    public SnapshotInputs Inputs()
    {
        var compiled = PolicyCompiler.Compile(Policy);
        Assert.Empty(compiled.Errors);
        return new SnapshotInputs(Cell, Zone, Node, compiled.Policy!, new RepositoryState(models), local, Peers, Upstreams, Draining)
        {
            MemoryBytes = MemoryBytes, BatteryPercent = Battery, Pressure = Pressure, Above = above, MeteredLink = Metered,
        };
    }

    /// <summary>The versions there are, with their manifests.</summary>
    public RepositoryState Catalogue() => new(new Dictionary<string, ModelEntry>(models));

    public ZoneSnapshot Snapshot() => SnapshotBuilder.Build(Inputs());

    public static VariantManifest Variant(string name, double latencyMs, params Zone[] zones) =>
        new(name, name + ".onnx", zones, 8, latencyMs, "sha256:" + name, 1000, InstanceSettings.Default);

    /// <summary>The sample farm's region: a small variant here, a large one in the cloud above.</summary>
    public static Farm Region(LinkHealth health = LinkHealth.Up, PrivacyCeiling privacy = PrivacyCeiling.Any)
    {
        var farm = new Farm();
        farm.AddVersion("keyword", 1, privacy, 0.7, [Variant("tiny", 1, Zone.Device, Zone.Edge), Variant("large", 12, Zone.Cloud)], ["tiny"]);
        farm.AddUpstream("central", Zone.Cloud, health, 20, TimeSpan.FromMinutes(1));
        return farm;
    }
}
