using BenchmarkDotNet.Attributes;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Routing;

namespace OrleansHybrid.Benchmarks.Routing;

/// <summary>One routing decision in a region: 50 rules, 20 models of 4 variants, 4 silos and an upstream, reasons recorded.</summary>
[MemoryDiagnoser]
public class RoutePlannerBenchmark
{
    private readonly DateTimeOffset now = BenchmarkFarm.Start;
    private ZoneSnapshot spread = null!;
    private ZoneSnapshot concentrated = null!;
    private SnapshotInputs inputs = null!;
    private PlanRequest tagged;
    private PlanRequest plain;

    [GlobalSetup]
    public void SetUp()
    {
        inputs = BenchmarkFarm.Inputs(oneModel: false);
        spread = SnapshotBuilder.Build(inputs);
        concentrated = SnapshotBuilder.Build(BenchmarkFarm.Inputs(oneModel: true));
        var tags = new Dictionary<string, string> { ["room"] = "bedroom", ["device"] = "headset" };
        var asked = new RouteParameters(RouteMode.Auto, null, 150, 1000, 0.8, false, tags);
        tagged = new PlanRequest("model-07", null, asked, new Caller("tenant-3", [], false, null), 32_000, Limits.DeadlineMax);
        plain = tagged with { Parameters = RouteParameters.None, Caller = Caller.Anonymous };
    }

    /// <summary>Rules for every model and ten for any; the request names limits and carries two tags.</summary>
    [Benchmark(Baseline = true)]
    public RoutePlan Decide() => RoutePlanner.Plan(tagged, spread, now);

    /// <summary>A request that says nothing but its model.</summary>
    [Benchmark]
    public RoutePlan DecidePlainRequest() => RoutePlanner.Plan(plain, spread, now);

    /// <summary>The worst case: each of the 50 rules is for this model and has to be weighed.</summary>
    [Benchmark]
    public RoutePlan DecideAllRulesForOneModel() => RoutePlanner.Plan(tagged, concentrated, now);

    /// <summary>With the compact reason that is in every answer.</summary>
    [Benchmark]
    public string DecideAndRenderReason() => PlanRenderer.Reason(RoutePlanner.Plan(tagged, spread, now));

    /// <summary>The explained plan.</summary>
    [Benchmark]
    public string DecideAndExplain() => PlanRenderer.Json(RoutePlanner.Plan(tagged, spread, now));

    /// <summary>The snapshot itself, made ten times a second.</summary>
    [Benchmark]
    public ZoneSnapshot BuildSnapshot() => SnapshotBuilder.Build(inputs);
}
