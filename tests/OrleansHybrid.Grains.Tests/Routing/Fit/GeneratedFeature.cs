using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Privacy;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Domain.Routing.Fit;
using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Grains.Tests.Routing.Fit;

/// <summary>Answers, a manifest and a policy in force, all drawn from one seed.</summary>
internal sealed class GeneratedFeature
{
    private readonly Random random;

    public GeneratedFeature(int seed)
    {
        random = new Random(seed);
        Manifest = MakeManifest();
        Answers = MakeAnswers();
        Policy = MakePolicy();
    }

    public ModelManifest Manifest { get; }

    public FitAnswers Answers { get; }

    public PolicyConfig Policy { get; }

    private T Pick<T>(params T[] from) => from[random.Next(from.Length)];

    private bool Chance(double p) => random.NextDouble() < p;

    private T? Perhaps<T>(double p, Func<T> make) where T : struct => Chance(p) ? make() : null;

    private T Any<T>() where T : struct, Enum => Pick(Enum.GetValues<T>());

    private ModelManifest MakeManifest()
    {
        var shared = Chance(0.3);
        var zones = Enum.GetValues<Zone>().Where(_ => Chance(0.9)).DefaultIfEmpty(Zone.Edge).ToArray();
        VariantManifest[] variants = shared ? [Variant("one", zones)] : [.. zones.Select(z => Variant("for-" + z.WireName(), z))];
        return new ModelManifest(
            "m.1", 1 + random.Next(3), "", "", [new TensorSpec("x", TensorDataType.Fp32, new TensorShape(-1, 4))], [new TensorSpec("y", TensorDataType.Fp32, new TensorShape(-1, 2))],
            Chance(0.5) ? new ConfidenceRule("y", ConfidenceRuleKind.Max, 0.1 + (random.NextDouble() * 0.8)) : null,
            Pick(PrivacyCeiling.Any, PrivacyCeiling.Any, PrivacyCeiling.Edge, PrivacyCeiling.Device), Perhaps(0.5, () => Pick(UpdateCadence.Monthly, UpdateCadence.Daily, UpdateCadence.Hourly)),
            BatchingSettings.None, variants, "sha256:0");
    }

    private VariantManifest Variant(string name, params Zone[] zones) =>
        new(name, name + ".onnx", zones, Chance(0.8) ? 1 + random.Next(200) : 0, Chance(0.9) ? 1 + random.Next(90) : 0, "sha256:" + name, Chance(0.9) ? (long)random.Next(100) << 20 : 0, InstanceSettings.Default);

    private FitAnswers MakeAnswers() => new()
    {
        Feature = "f",
        Owner = "team",
        ArrivesIn = Pick(Zone.Device, Zone.Device, Zone.Edge, Zone.Cloud),
        LatencyTargetMs = 20 + random.Next(200),
        Privacy = Pick(PrivacyCeiling.Any, PrivacyCeiling.Any, PrivacyCeiling.Edge, PrivacyCeiling.Device),
        Updates = Perhaps(0.3, () => Pick(UpdateCadence.Never, UpdateCadence.Weekly, UpdateCadence.Hourly)),
        Offline = Perhaps(0.5, Any<OfflineNeed>),
        Quality = Perhaps(0.3, Any<QualityWatch>),
        Sacred = Perhaps(0.8, Any<SacredPriority>),
        MaxCostMicrousd = Perhaps(0.5, () => random.Next(60)),
        InputBytes = Perhaps(0.8, () => random.Next(200_000)),
        RequestsPerDay = Perhaps(0.5, () => random.NextDouble() * 1e6),
        Device = new FitDevice(Perhaps(0.5, () => 1 + random.Next(1000)), Perhaps(0.8, () => 1 + random.Next(256)), Perhaps(0.5, () => random.NextDouble() * 20), Perhaps(0.5, () => random.Next(101)), Perhaps(0.5, () => random.NextDouble() * 9), Perhaps(0.5, () => random.NextDouble() * 150)),
        Links = new Dictionary<Zone, FitLink> { [Zone.Edge] = Link(), [Zone.Cloud] = Link() },
        Compliance = Chance(0.5) ? [.. Enum.GetValues<ComplianceLimit>().Where(_ => Chance(0.3))] : null,
        HostedBy = Enum.GetValues<Zone>().Where(_ => Chance(0.5)).ToDictionary(z => z, _ => Any<HostedBy>()),
        Runs = new FitRunning(Perhaps(0.3, () => random.Next(9000)), Perhaps(0.3, () => random.Next(3000)), Perhaps(0.2, Any<HostControl>), Perhaps(0.5, Any<LoadShape>), Perhaps(0.4, Any<WarmState>)),
    };

    private FitLink Link() => new(Perhaps(0.9, () => random.NextDouble() * 80), Perhaps(0.4, () => random.NextDouble() * 0.06), Perhaps(0.5, () => 1000 + (random.NextDouble() * 90_000)), Perhaps(0.5, () => Chance(0.5) ? 0 : random.NextDouble() * 0.2));

    private PolicyConfig MakePolicy() => new()
    {
        Policy = Chance(0.8) ? "farm" : "",
        Revision = random.Next(9),
        Prices = Chance(0.7) ? new Dictionary<string, PriceConfig> { ["edge"] = new(0.2, 0.5), ["cloud"] = new(1, 1, 0.1) } : new Dictionary<string, PriceConfig>(),
        Defaults = new RuleSetConfig(Mode: Chance(0.3) ? Pick([.. RouteModes.AllNames]) : null, LatencyTargetMs: Perhaps(0.3, () => 1L + random.Next(100)), MaxCostMicrousd: Perhaps(0.1, () => (long)random.Next(100))),
        Rules = [.. Enumerable.Range(0, random.Next(4)).Select(Rule)],
    };

    private RuleConfig Rule(int i) => new()
    {
        Id = Chance(0.2) ? (Chance(0.5) ? "Fit-m-1" : "Fit-m-1-device") + (i == 0 ? "" : "-" + (char)('a' + i)) : $"R{i}",
        When = new RuleWhenConfig(Model: Pick(null, "m.1", "m-1"), Tenant: Chance(0.2) ? "other" : null, ArrivedIn: Chance(0.2) ? Pick([.. Zones.AllNames]) : null),
        Set = new RuleSetConfig(Privacy: Chance(0.15) ? Pick([.. PrivacyCeilings.AllNames]) : null, Mode: Pick([.. RouteModes.AllNames]), Objective: Chance(0.5) ? Pick([.. RouteObjectives.AllNames]) : null),
        Because = "Generated: with 'quotes', a colon and | a bar.",
        Owner = "tests",
    };
}
