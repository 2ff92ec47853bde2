using Xunit;
using System.Runtime.InteropServices;
using CsCheck;
using OrleansHybrid.Domain.Privacy;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Domain.Tests.Routing;

/// <summary>What holds for every run, over generated farms whose places answer, fail, hang or hear nothing.</summary>
public class RequestRunnerProperties
{
    private const int Cases = 1000;

    [Fact]
    public void Run_crosses_no_ceiling_keeps_its_deadline_and_gives_every_lease_back() => Gen.Int.Sample(seed =>
    {
        var farm = new GeneratedFarm(seed);
        var zone = Zone(farm);
        var request = farm.Request with { Inputs = [zone.Input(farm.Bytes)] };
        var result = zone.Infer(request);

        var took = zone.Clock.GetUtcNow() - Farm.Start;
        Assert.True(took <= (request.Timeout ?? Limits.DeadlineMax), $"took {took}");
        Assert.True((result.Response is null) != (result.Failure is null));
        CheckCrossings(farm, zone);
        CheckOutputs(request, result);
        Release(request, result);
        Assert.Equal(0, zone.LeasedInTheEnd());
        Assert.Equal(1, zone.Ended);
    }, iter: Cases, threads: 1);

    [Fact]
    public void Run_never_loses_an_unsure_answer_to_a_failure_above() => Gen.Int.Sample(seed =>
    {
        var farm = new GeneratedFarm(seed);
        var zone = Zone(farm);
        zone.Scripts["here"] = new Script(0.01, null, 0);
        var request = farm.Request with { Inputs = [zone.Input(farm.Bytes)] };
        var result = zone.Infer(request);
        if (zone.Attempts.Any(a => a.Failure is null)) Assert.NotNull(result.Response);
        Release(request, result);
        Assert.Equal(0, zone.LeasedInTheEnd());
    }, iter: Cases, threads: 1);

    [Fact]
    public void Cancelled_run_returns_at_once_and_gives_every_lease_back() => Gen.Int.Sample(seed =>
    {
        var farm = new GeneratedFarm(seed);
        var zone = Zone(farm);
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(seed & 31), zone.Clock);
        var request = farm.Request with { Inputs = [zone.Input(farm.Bytes)], Timeout = TimeSpan.FromSeconds(1) };
        var result = zone.Infer(request, cancel.Token);
        if (result.Failure is { Code: FailureCode.Cancelled }) Assert.True(cancel.IsCancellationRequested || zone.Scripts.Values.Any(s => s.Failure == FailureCode.Cancelled));
        if (cancel.IsCancellationRequested) Assert.InRange((zone.Clock.GetUtcNow() - Farm.Start).TotalMilliseconds, 0, seed & 31);
        Release(request, result);
        Assert.Equal(0, zone.LeasedInTheEnd());
    }, iter: Cases, threads: 1);

    [Fact]
    public void Explanation_is_the_plan_that_a_run_follows() => Gen.Int.Sample(seed =>
    {
        var farm = new GeneratedFarm(seed);
        var zone = Zone(farm);
        var request = farm.Request with { Inputs = [zone.Input(farm.Bytes)], Timeout = null, Parameters = farm.Request.Parameters with { Explain = true } };
        var result = zone.Infer(request);
        var assumed = zone.Verdicts is [{ Verdict: not null, Signals.Hard: var hard }] ? new Dictionary<string, double> { ["hard"] = hard } : [];
        var explained = zone.Runner.Explain(new ExplainRequest(request.Model, request.Version, request.Parameters, request.Caller, farm.Bytes, assumed, new Dictionary<string, string>(), [.. request.Inputs.Select(i => new TensorSpec(i.Name, i.DataType, i.Shape))]), zone.Snapshot);
        var plan = result.Response?.Plan?.Replace("\"hard_from\":\"classifier\"", "\"hard_from\":\"request\"", StringComparison.Ordinal);
        if (result.Response is { } answer) Assert.Equal(answer.Reason.EndsWith(";shed=explain", StringComparison.Ordinal) ? null : explained.PlanJson, plan);
        Release(request, result);
    }, iter: Cases, threads: 1);

    private static FakeZone Zone(GeneratedFarm farm)
    {
        var zone = new FakeZone(farm.Farm.Snapshot());
        zone.Scripts["here"] = farm.Script();
        zone.Scripts["classifier"] = farm.Script();
        foreach (var link in farm.Farm.Upstreams) zone.Scripts[link.Name] = farm.Script();
        foreach (var peer in farm.Farm.Peers) zone.Scripts[peer.Key.Node] = farm.Script();
        return zone;
    }

    private static void CheckCrossings(GeneratedFarm farm, FakeZone zone)
    {
        var ceiling = Oracle.Ceiling(farm);
        foreach (var (crossing, to) in zone.Crossed)
        {
            Assert.True(ceiling.Permits(to), $"raw input under '{ceiling.WireName()}' went to {to.WireName()}");
            Assert.Equal(ceiling, crossing.Ceiling);
            Assert.Equal(farm.Farm.Cell, crossing.Hops[^1]);
            Assert.True(crossing.TimeLeft <= (farm.Request.Timeout ?? Limits.DeadlineMax));
            if (!crossing.SameZone) Assert.DoesNotContain("patient", crossing.Tags.Keys);
        }
    }

    /// <summary>What was handed out is still there: an overwritten buffer would show.</summary>
    private static void CheckOutputs(InferenceRequest request, InferenceResult result)
    {
        if (result.Response is not { } answer) return;
        if (request.Outputs.Count > 0) Assert.Equal(request.Outputs, answer.Outputs.Select(o => o.Name));
        foreach (var output in answer.Outputs)
        {
            Assert.Equal(1, output.Data.Holders);
            Assert.Equal(1, MemoryMarshal.Cast<byte, float>(output.Data.Span).ToArray().Sum(), 3);
        }
    }

    private static void Release(InferenceRequest request, InferenceResult result)
    {
        foreach (var tensor in request.Inputs.Concat(result.Response?.Outputs ?? (IReadOnlyList<Tensor>)[])) tensor.Data.Release();
    }
}
