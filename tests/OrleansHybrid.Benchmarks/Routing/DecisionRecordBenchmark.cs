using BenchmarkDotNet.Attributes;
using OrleansHybrid.Domain.Routing;

namespace OrleansHybrid.Benchmarks.Routing;

/// <summary>What a decision record costs on a request's path: nearly always the choice not to keep one.</summary>
[MemoryDiagnoser]
public class DecisionRecordBenchmark
{
    private readonly DecisionSampler sampler = new();
    private readonly string[] ids = [.. Enumerable.Range(0, 4096).Select(i => FormattableString.Invariant($"01HQ8ZK3T4-{i:D6}"))];
    private RequestReport report;
    private RequestReport[] reports = [];
    private int turn;

    [GlobalSetup]
    public void Prepare()
    {
        var snapshot = SnapshotBuilder.Build(BenchmarkFarm.Inputs(oneModel: false));
        var asked = new RouteParameters(RouteMode.Auto, null, 150, 1000, 0.8, false, new Dictionary<string, string> { ["room"] = "bedroom" });
        reports = [.. ids.Select(id => Report(id, asked, snapshot, BenchmarkFarm.Start))];
        report = reports[0];
        foreach (var first in reports) DecisionRules.Choose(first, sampler);
    }

    /// <summary>A busy second: the first few were kept, this one is not.</summary>
    [Benchmark(Baseline = true)]
    public double Choose() => DecisionRules.Choose(reports[turn = (turn + 1) & 4095], sampler).Weight;

    /// <summary>One that is kept, as far as the request waits for it.</summary>
    [Benchmark]
    public DecisionRecord Record() => DecisionRules.Record(report, DecisionKept.First, 1);

    /// <summary>Written as text, by the log's own task.</summary>
    [Benchmark]
    public int Write() => RecordJson.Write(DecisionRules.Record(report, DecisionKept.First, 1)).Length;

    private static RequestReport Report(string id, RouteParameters asked, ZoneSnapshot snapshot, DateTimeOffset now)
    {
        var request = new InferenceRequest(id, "model-07", null, [], [], asked, new Caller("tenant-3", [], false, null), null);
        var plan = RoutePlanner.Plan(new PlanRequest(request), snapshot, now);
        var answer = new InferenceResponse([], plan.Attempt(0).Candidate.Provenance, null, 0.9, false, false, PlanRenderer.Reason(plan), null, default);
        return new RequestReport(request, plan, InferenceResult.Of(answer), 0, default, default);
    }
}
