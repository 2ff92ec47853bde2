using Xunit;
using Microsoft.Extensions.Time.Testing;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Privacy;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Domain.Tests.Routing;

/// <summary>A zone with scripted places around a real runner, recording who was given what.</summary>
internal sealed class FakeZone : IInferenceEngine, IUpstreamDirectory, IRequestObserver, IQuotaMeter
{
    private readonly Dictionary<string, UpstreamState> links;
    private readonly Pump pump = new();
    private readonly DecisionSampler sampler = new(firstPerSecond: int.MaxValue >> 12, notablePerSecond: int.MaxValue >> 12);

    public FakeZone(ZoneSnapshot snapshot)
    {
        Snapshot = snapshot;
        links = snapshot.Inputs.Upstreams.ToDictionary(u => u.Address);
        foreach (var peer in snapshot.Inputs.Peers) links[peer.InferenceAddress] = new UpstreamState(peer.Key.Node, peer.InferenceAddress, snapshot.Inputs.Zone, LinkHealth.Up, 0, 0, Farm.Start);
        Runner = new RequestRunner(this, this, this, Clock, this);
    }

    public ZoneSnapshot Snapshot { get; }

    public FakeTimeProvider Clock { get; } = new(Farm.Start);

    public TensorPool Pool { get; } = new(poison: true);

    public RequestRunner Runner { get; }

    /// <summary>Scripts by place: <c>here</c> or the name of a link.</summary>
    public Dictionary<string, Script> Scripts { get; } = [];

    public List<string> Trace { get; } = [];

    public List<(UpstreamRequest Request, Zone To)> Crossed { get; } = [];

    public List<AttemptReport> Attempts { get; } = [];

    public List<ClassifierReport> Verdicts { get; } = [];

    public int Ended { get; private set; }

    /// <summary>What the zone is by the time a run failed; null: nobody looks.</summary>
    public Func<ZoneSnapshot>? Newest { get; set; }

    /// <summary>The directory no longer knows any link.</summary>
    public bool LinksGone { get; init; }

    public EngineState State => EngineState.Empty;

    /// <summary>Runs a request to its end, moving the clock as it waits.</summary>
    public InferenceResult Infer(InferenceRequest request, CancellationToken cancellationToken = default) =>
        pump.Run(Clock, Limits.DeadlineMax + TimeSpan.FromSeconds(1), () => Runner.InferAsync(request, Snapshot, cancellationToken, Newest));

    /// <summary>Lets calls that were left behind end; what they hold is given back on another thread, so that is waited for.</summary>
    public long LeasedInTheEnd()
    {
        for (var i = 0; i < 100 && Pool.Leased > 0; i++) pump.Elapse(Clock, TimeSpan.FromMilliseconds(100));
        SpinWait.SpinUntil(() => Pool.Leased == 0, TimeSpan.FromSeconds(10));
        return Pool.Leased;
    }

    public Tensor Input(int bytes)
    {
        var lease = Pool.Rent(bytes);
        lease.Span.Fill(7);
        return new Tensor("audio", TensorDataType.Int16, new TensorShape(1, bytes / 2), lease);
    }

    public IUpstream? Find(AttemptTarget target, string address) => !LinksGone && links.TryGetValue(address, out var state) ? new Link(this, state) : null;

    public void AttemptEnded(in AttemptReport attempt) => Attempts.Add(attempt);

    public void ClassifierEnded(in ClassifierReport classifier) => Verdicts.Add(classifier);

    public void RequestEnded(in RequestReport report)
    {
        Ended++;
        var (kept, weight) = DecisionRules.Choose(report, sampler);
        if (weight > 0) Decisions.Add(DecisionRules.Record(report, kept, weight));
        Plans.Add(report.Plan);
    }

    /// <summary>What a cell would keep of the requests, each of them.</summary>
    public List<DecisionRecord> Decisions { get; } = [];

    /// <summary>The plans that were followed.</summary>
    public List<RoutePlan> Plans { get; } = [];

    /// <summary>What each tenant has left; a tenant that is missing has no quota.</summary>
    public IReadOnlyDictionary<string, QuotaState> Quotas { get; init; } = new Dictionary<string, QuotaState>();

    public QuotaState Take(string tenant) => Quotas.GetValueOrDefault(tenant);

    public QuotaState Peek(string tenant) => Quotas.GetValueOrDefault(tenant);

    public async ValueTask<EngineOutcome> RunAsync(EngineRequest request, CancellationToken cancellationToken)
    {
        if (request.Variant.IsClassifier) return await ClassifyAsync(request, cancellationToken);
        Say($"run {request.Variant.Variant} within {request.TimeLeft.TotalMilliseconds:0} ms");
        var script = Scripts["here"];
        if (!await script.WaitAsync(Clock, request.TimeLeft, cancellationToken)) return new EngineOutcome([], new InferenceFailure(FailureCode.DeadlineExceeded, "scripted"), default);
        CheckInputs(request.Inputs);
        return new EngineOutcome(script.Outputs(Pool, request.Outputs), script.AsFailure, new EngineTimes(TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromMilliseconds(script.AfterMs), TimeSpan.Zero, 1));
    }

    private async ValueTask<EngineOutcome> ClassifyAsync(EngineRequest request, CancellationToken cancellationToken)
    {
        Say($"classify within {request.TimeLeft.TotalMilliseconds:0} ms");
        var script = Scripts["classifier"];
        if (!await script.WaitAsync(Clock, request.TimeLeft, cancellationToken)) return new EngineOutcome([], new InferenceFailure(FailureCode.DeadlineExceeded, "scripted"), default);
        CheckInputs(request.Inputs);
        return new EngineOutcome(script.Failure is null ? [script.Verdict(Pool, Assert.Single(request.Outputs))] : [], script.AsFailure, default);
    }

    public ValueTask<LoadOutcome> LoadAsync(VariantToLoad variant, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<bool> UnloadAsync(VariantKey variant, CancellationToken cancellationToken) => throw new NotSupportedException();

    private void Say(string line) => Trace.Add($"{(Clock.GetUtcNow() - Farm.Start).TotalMilliseconds:0} ms: {line}");

    /// <summary>A late reader of memory that went back to the pool would see the poison.</summary>
    private static void CheckInputs(IReadOnlyList<Tensor> inputs)
    {
        foreach (var input in inputs) Assert.True(input.Data.Span.IndexOfAnyExcept((byte)7) < 0, "an input was overwritten while it was read");
    }

    private sealed class Link(FakeZone farm, UpstreamState state) : IUpstream
    {
        public UpstreamState State => state;

        public async ValueTask<UpstreamOutcome> InferAsync(UpstreamRequest request, CancellationToken cancellationToken)
        {
            farm.Crossed.Add((request, state.Zone));
            farm.Say($"ask {state.Name} within {request.TimeLeft.TotalMilliseconds:0} ms: {Describe(request)}");
            var script = farm.Scripts[state.Name];
            var roundTrip = TimeSpan.FromMilliseconds(script.AfterMs);
            if (!await script.WaitAsync(farm.Clock, request.TimeLeft, cancellationToken))
            {
                return new UpstreamOutcome([], new InferenceFailure(FailureCode.DeadlineExceeded, "scripted"), null, null, null, false, false, "", request.TimeLeft, default);
            }

            CheckInputs(request.Inputs);
            var stated = script.Failure is null && !script.Foreign;
            return new UpstreamOutcome(
                script.Outputs(farm.Pool, request.Outputs), script.AsFailure,
                stated ? new Provenance(state.Zone, request.SameZone ? farm.Snapshot.Inputs.Cell : state.Name, state.Name, request.Model, request.Version, "stated", "sha256:1", 1) : null,
                stated ? "yes" : null, stated ? script.Confidence : null, false, false, "", roundTrip, roundTrip / 2);
        }

        private static string Describe(UpstreamRequest request)
        {
            var cost = request.MaxCostMicrousd is { } most ? $" cost={most}" : "";
            var floor = request.ConfidenceFloor is { } low ? FormattableString.Invariant($" floor={low}") : "";
            var tags = string.Concat(request.Tags.OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => $" {t.Key}={t.Value}"));
            return $"version={request.Version} privacy={request.Ceiling.WireName()} rule={request.Rule}{floor}{cost}{tags} hops={string.Join(",", request.Hops)} tenant={request.Tenant}";
        }
    }
}
