using System.Runtime.CompilerServices;
using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Domain.Routing;

/// <summary>Carries out single attempts over the ports and reports each to the observer. Never throws for an expected failure.</summary>
internal sealed class AttemptCaller(IInferenceEngine engine, IUpstreamDirectory upstreams, IRequestObserver observer, TimeProvider clock)
{
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<AttemptAnswer> CallAsync(RequestRun run, PlannedAttempt attempt, TimeSpan budget, CancellationToken cancellationToken)
    {
        var span = RoutingActivity.Attempt(attempt, run.Plan.Snapshot);
        AttemptAnswer? answer = null;
        try
        {
            answer = attempt.Candidate.Target == AttemptTarget.Here
                ? await HereAsync(run, attempt, budget, cancellationToken)
                : await AboveAsync(run, attempt, budget, cancellationToken);
            return answer;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return Report(run, new AttemptAnswer { Attempt = attempt, Failure = Cancelled }, default, default);
        }
        finally
        {
            RoutingActivity.End(span, answer?.Failure);
        }
    }

    public static InferenceFailure Cancelled => new(FailureCode.Cancelled, "The caller cancelled the request.");

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<AttemptAnswer> HereAsync(RequestRun run, PlannedAttempt attempt, TimeSpan budget, CancellationToken cancellationToken)
    {
        var request = run.Request;
        var call = engine.RunAsync(new EngineRequest(attempt.Candidate.Variant, request.Inputs, run.Asked, budget, request.Priority), cancellationToken);
        // The engine itself keeps to the time it was given; a second watch costs a timer, so it is set only where the caller set a deadline.
        if (!call.IsCompleted && request.Timeout is not null)
        {
            var task = call.AsTask();
            if (!await LateCalls.EndsWithin(task, budget, clock, cancellationToken))
            {
                _ = LateCalls.LeaveBehind(task, request.Inputs, static late => late.Outputs);
                return Report(run, Late(attempt, budget, cancellationToken), default, default);
            }

            call = new ValueTask<EngineOutcome>(task);
        }

        var outcome = await call;
        var times = outcome.Times;
        var answer = new AttemptAnswer
        {
            Attempt = attempt,
            Outputs = outcome.Outputs,
            Failure = outcome.Failure,
            Provenance = attempt.Candidate.Provenance,
            Judged = outcome.Failure is null ? run.Judge(outcome.Outputs) : default,
            Times = new RequestTimes(default, times.Queue, times.ComputeInput + times.Compute + times.ComputeOutput, default, default),
        };
        return Report(run, answer, times, default);
    }

    private async ValueTask<AttemptAnswer> AboveAsync(RequestRun run, PlannedAttempt attempt, TimeSpan budget, CancellationToken cancellationToken)
    {
        var to = attempt.Candidate;
        if (upstreams.Find(to.Target, to.Address) is not { } upstream)
        {
            return Report(run, new AttemptAnswer { Attempt = attempt, Failure = new InferenceFailure(FailureCode.UpstreamUnavailable, $"The link to '{to.Cell}' is gone.") }, default, default);
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var call = upstream.InferAsync(UpstreamRequests.Make(run.Request, run.Plan, to, run.Asked, budget, run.SpentMicrousd), stop.Token).AsTask();
        if (!call.IsCompleted && !await LateCalls.EndsWithin(call, budget, clock, cancellationToken))
        {
            _ = LateCalls.LeaveBehind(call, run.Request.Inputs, static late => late.Outputs);
            stop.Cancel();
            return Report(run, Late(attempt, budget, cancellationToken), default, budget);
        }

        var outcome = await call;
        return Report(run, Answer(run, attempt, outcome), default, outcome.RoundTrip);
    }

    private static AttemptAnswer Answer(RequestRun run, PlannedAttempt attempt, UpstreamOutcome outcome)
    {
        // A server that states no confidence or label is judged here, by the manifest.
        var judged = outcome.Failure is null && (outcome.Confidence is null || outcome.Label is null) ? run.Judge(outcome.Outputs) : default;
        var link = outcome.RoundTrip > outcome.Above ? outcome.RoundTrip - outcome.Above : TimeSpan.Zero;
        return new AttemptAnswer
        {
            Attempt = attempt,
            Outputs = outcome.Outputs,
            Failure = outcome.Failure,
            Provenance = outcome.Provenance,
            Judged = new Judgement(outcome.Label ?? judged.Label, outcome.Confidence ?? judged.Confidence),
            Escalated = outcome.Escalated,
            Degraded = outcome.Degraded,
            Times = new RequestTimes(default, default, default, link, outcome.Above),
        };
    }

    private static AttemptAnswer Late(PlannedAttempt attempt, TimeSpan budget, CancellationToken cancellationToken) => new()
    {
        Attempt = attempt,
        Failure = cancellationToken.IsCancellationRequested
            ? Cancelled
            : new InferenceFailure(FailureCode.DeadlineExceeded, $"No answer from zone '{attempt.Candidate.Zone.WireName()}' within {(long)budget.TotalMilliseconds} ms."),
    };

    private AttemptAnswer Report(RequestRun run, AttemptAnswer answer, EngineTimes times, TimeSpan roundTrip)
    {
        var candidate = answer.Attempt.Candidate;
        var variant = candidate.Target == AttemptTarget.Here ? candidate.Variant : candidate.Variant with { Variant = answer.Provenance?.Variant ?? "" };
        observer.AttemptEnded(new AttemptReport(
            run.Plan, candidate, variant, times, roundTrip, answer.Times.Above, answer.Failure?.Code, answer.IsUnsure(run.Plan.Settings.Floor)));
        return answer;
    }
}
