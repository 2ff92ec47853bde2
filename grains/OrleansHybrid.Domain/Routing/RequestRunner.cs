using System.Runtime.CompilerServices;
using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Domain.Routing;

/// <summary>Finds the client for a peer or an upstream that a plan names.</summary>
public interface IUpstreamDirectory
{
    /// <summary>Null when it is no longer known.</summary>
    IUpstream? Find(AttemptTarget target, string address);
}

/// <summary>The one loop over the ports, used by the routing grain and the SDK alike.</summary>
/// <remarks>
/// It only carries out: <see cref="RoutePlanner"/> decides where, <see cref="ClassifierRules"/> whether a verdict on the input is asked for first, <see cref="AttemptRules"/> what follows an attempt.
/// Expected failures are results. A bug in a port is thrown on, after every lease in hand was released.
/// The request's leases are borrowed; the leases of the answer that is returned belong to the caller, those of any other are released here.
/// </remarks>
public sealed class RequestRunner(IInferenceEngine engine, IUpstreamDirectory upstreams, IRequestObserver observer, TimeProvider clock, IQuotaMeter? quotas = null)
{
    private readonly AttemptCaller attempts = new(engine, upstreams, observer, clock);
    private readonly ClassifierCaller classifier = new(engine, observer, clock);
    private readonly IQuotaMeter quotas = quotas ?? NoQuotas.Instance;

    /// <param name="newest">The snapshot as it is by then. A version can leave between a plan and its run, when another takes its place: such a request is planned once more. Null: it fails.</param>
    public async ValueTask<InferenceResult> InferAsync(InferenceRequest request, ZoneSnapshot snapshot, CancellationToken cancellationToken, Func<ZoneSnapshot>? newest = null)
    {
        var started = clock.GetTimestamp();
        var span = RoutingActivity.Route(request, snapshot);
        InferenceResult? result = null;
        try
        {
            var plan = RoutePlanner.Plan(new PlanRequest(request, SignalsOf(request)), snapshot, clock.GetUtcNow());
            if (ClassifierRules.IsWorthwhile(plan)) plan = await PlanWithVerdictAsync(request, plan, started, cancellationToken);
            var routeTime = clock.GetElapsedTime(started);
            var run = Begin(request, plan, routeTime);
            result = await EndAsync(run, plan, started, cancellationToken);
            if (run is not null && result.Failure?.Code == FailureCode.ModelNotReady && newest?.Invoke() is { } changed && changed != snapshot)
            {
                plan = RoutePlanner.Plan(new PlanRequest(request, plan.Signals), changed, clock.GetUtcNow());
                run = Begin(request, plan, routeTime);
                result = await EndAsync(run, plan, started, cancellationToken);
            }

            observer.RequestEnded(new RequestReport(request, plan, result, run?.SpentMicrousd ?? 0, routeTime, clock.GetElapsedTime(started)) { Run = run });
            return result;
        }
        finally
        {
            RoutingActivity.End(span, result?.Failure, result?.Response?.Reason);
        }
    }

    /// <summary>Null when the plan refuses.</summary>
    private static RequestRun? Begin(InferenceRequest request, RoutePlan plan, TimeSpan routeTime) => plan.Refusal is null ? new RequestRun(request, plan, routeTime) : null;

    private ValueTask<InferenceResult> EndAsync(RequestRun? run, RoutePlan plan, long started, CancellationToken cancellationToken) =>
        run is null ? ValueTask.FromResult(InferenceResult.Of(RefusalRules.Describe(plan))) : FollowAsync(run, started, cancellationToken);

    /// <summary>The same plan when the classifier says nothing, else one that knows its verdict.</summary>
    private async ValueTask<RoutePlan> PlanWithVerdictAsync(InferenceRequest request, RoutePlan plan, long started, CancellationToken cancellationToken)
    {
        var signals = await classifier.AskAsync(request, plan, clock.GetElapsedTime(started), cancellationToken);
        return signals == plan.Signals ? plan : RoutePlanner.Plan(new PlanRequest(request, signals), plan.Snapshot, clock.GetUtcNow());
    }

    /// <summary>The plan that <see cref="InferAsync"/> would follow now, or under what the request assumes.</summary>
    public ExplainResult Explain(ExplainRequest request, ZoneSnapshot snapshot)
    {
        if (Assumptions.Read(request, out var assumed) is { } wrong) return new ExplainResult(null, wrong);
        var assumedSnapshot = assumed == Assumptions.None ? snapshot : SnapshotBuilder.Build(snapshot.Inputs, assumed);
        var quota = request.Caller.Hops.Count == 0 ? quotas.Peek(request.Caller.Tenant) : default;
        var plan = RoutePlanner.Plan(new PlanRequest(request, assumed.Signals with { Quota = quota }), assumedSnapshot, clock.GetUtcNow());
        return plan.Chosen is null
            ? new ExplainResult(null, RefusalRules.Describe(plan))
            : new ExplainResult(PlanRenderer.Json(plan, request.Inputs), null);
    }

    /// <summary>Quotas are charged where the request entered the farm, once.</summary>
    private RequestSignals SignalsOf(InferenceRequest request) =>
        request.Caller.Hops.Count == 0 ? new RequestSignals(Quota: quotas.Take(request.Caller.Tenant)) : default;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<InferenceResult> FollowAsync(RequestRun run, long started, CancellationToken cancellationToken)
    {
        try
        {
            AttemptAnswer? latest = null;
            var step = AttemptRules.Next(AttemptProgress.Start(run.Plan), AttemptOutcome.None, clock.GetElapsedTime(started));
            while (step.Action == AttemptAction.Run)
            {
                latest = await attempts.CallAsync(run, run.Plan.Attempt(step.Progress.Current), step.Budget, cancellationToken);
                var outcome = run.Add(latest, cancellationToken.IsCancellationRequested);
                step = AttemptRules.Next(step.Progress, outcome, clock.GetElapsedTime(started));
                if (step.Action == AttemptAction.Run && outcome == AttemptOutcome.Unsure) run.Keep(latest);
            }

            return step.Action switch
            {
                AttemptAction.ReturnLatest => run.Result(latest!, step.Degraded),
                AttemptAction.ReturnInHand => run.Result(run.TakeInHand(), step.Degraded),
                _ => InferenceResult.Of(Failure(run, cancellationToken)),
            };
        }
        finally
        {
            run.ReleaseInHand();
        }
    }

    private static InferenceFailure Failure(RequestRun run, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return AttemptCaller.Cancelled;
        return run.FirstFailure ?? new InferenceFailure(FailureCode.DeadlineExceeded, "The deadline passed before anything could be tried. Give the request more time.");
    }
}
