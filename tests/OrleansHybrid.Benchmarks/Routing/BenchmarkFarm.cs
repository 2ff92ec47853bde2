using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Nodes;
using OrleansHybrid.Domain.Privacy;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Benchmarks.Routing;

/// <summary>A region of the size that the routing benchmark is held to.</summary>
internal static class BenchmarkFarm
{
    public static readonly DateTimeOffset Start = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    private const int Rules = 50;
    private const int Models = 20;
    private const int Silos = 4;

    /// <param name="oneModel">All rules are for one model; else two for each model and ten for any.</param>
    public static SnapshotInputs Inputs(bool oneModel)
    {
        var compiled = PolicyCompiler.Compile(Policy(oneModel));
        if (compiled.Policy is null) throw new InvalidOperationException(string.Join('\n', compiled.Errors));
        var entries = Enumerable.Range(0, Models).Select(Model).ToDictionary(m => m.Name);
        var held = entries.Values.SelectMany(m => m.Versions[0].Loaded).Select(v => v.Key).ToArray();
        return new SnapshotInputs(
            "eu-west", Zone.Edge, "n1", compiled.Policy, new RepositoryState(entries),
            held.ToDictionary(key => key, _ => new VariantLoad(1, 2, 0, 1000)),
            [.. Enumerable.Range(2, Silos - 1).Select(n => Peer($"n{n}", held))],
            [new UpstreamState("central", "http://central", Zone.Cloud, LinkHealth.Up, 20, 1000, Start)]);
    }

    private static NodeReport Peer(string node, VariantKey[] held) =>
        new(new NodeKey("eu-west", node), NodeKind.Silo, Zone.Edge, 1, 1, "http://" + node, [.. held.Select(key => new NodeVariant(key, "sha256:0", 1, 2, 0))], 0, 2);

    private static ModelEntry Model(int number)
    {
        var name = $"model-{number:00}";
        VariantManifest[] variants = [Variant("tiny-int8", Zone.Device, Zone.Edge), Variant("tiny", Zone.Device, Zone.Edge), Variant("base", Zone.Edge, Zone.Cloud), Variant("large", Zone.Cloud)];
        var outputs = new[] { new TensorSpec("probabilities", TensorDataType.Fp32, new TensorShape(-1, 12)) };
        var manifest = new ModelManifest(
            name, 1, "", "", [new TensorSpec("audio", TensorDataType.Int16, new TensorShape(-1, 16000))], outputs,
            new ConfidenceRule("probabilities", ConfidenceRuleKind.Max, 0.7), PrivacyCeiling.Any, null, BatchingSettings.None, variants, "sha256:0");
        var loaded = variants.Where(v => v.Zones.Contains(Zone.Edge))
            .Select(v => new LoadedVariant(new VariantKey(name, 1, v.Name), v.Digest, manifest.Inputs, outputs, TimeSpan.Zero, TimeSpan.Zero));
        return new ModelEntry(name, VersionPolicy.Default, [new VersionEntry(1, VersionState.Ready, manifest, [.. loaded], "", false)]);
    }

    private static VariantManifest Variant(string name, params Zone[] zones) => new(name, name + ".onnx", zones, 8, 5, "sha256:0", 1000, InstanceSettings.Default);

    private static PolicyConfig Policy(bool oneModel) => new()
    {
        Policy = "benchmark",
        Revision = 1,
        Prices = new Dictionary<string, PriceConfig> { ["edge"] = new(0.2, 0.5), ["cloud"] = new(1, 1, 0.1) },
        Defaults = new RuleSetConfig(LatencyTargetMs: 150),
        Rules = [.. Enumerable.Range(0, Rules).Select(i => Rule(i, oneModel))],
    };

    /// <summary>Conditions of every kind; about one rule in five matches the benchmark's request.</summary>
    private static RuleConfig Rule(int i, bool oneModel) => new()
    {
        Id = $"R{i:00}",
        When = new RuleWhenConfig(
            Model: oneModel ? "model-07" : i < 2 * Models ? $"model-{i / 2:00}" : null,
            Tenant: i % 3 == 0 ? $"tenant-{i % 5}" : null,
            Tags: i % 2 == 0 ? new Dictionary<string, string> { ["room"] = i % 4 == 0 ? "bedroom" : "kitchen" } : null,
            InputBytesAbove: i % 5 == 0 ? 10_000 : null,
            ArrivedIn: i % 7 == 0 ? "edge" : null),
        Set = (i % 4) switch
        {
            0 => new RuleSetConfig(LatencyTargetMs: 200 + i),
            1 => new RuleSetConfig(MaxCostMicrousd: 900 + i),
            2 => new RuleSetConfig(Mode: "PREFER_EDGE"),
            _ => new RuleSetConfig(ConfidenceFloor: 0.75),
        },
        Because = "A rule of the benchmark.",
        Owner = "benchmarks",
    };
}
