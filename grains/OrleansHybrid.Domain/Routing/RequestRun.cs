using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Domain.Routing;

/// <summary>One request on its way: what it asked, its plan, and what was spent and kept so far.</summary>
internal sealed class RequestRun(InferenceRequest request, RoutePlan plan, TimeSpan routeTime)
{
    private RequestTimes times = new(routeTime, default, default, default, default);

    public InferenceRequest Request => request;

    public RoutePlan Plan => plan;

    /// <summary>The outputs asked for: the caller's, and the one an answer is judged by.</summary>
    public IReadOnlyList<string> Asked { get; } = OutputSelection.ToAsk(request.Outputs, plan.Chosen!.Manifest);

    /// <summary>Predicted cost of the attempts that answered.</summary>
    public double SpentMicrousd { get; private set; }

    /// <summary>An unsure answer that is kept while the zone above is asked.</summary>
    public AttemptAnswer? InHand { get; private set; }

    /// <summary>The attempt that ended last, with those before it behind it.</summary>
    public AttemptAnswer? Last { get; private set; }

    /// <summary>What went wrong first: the zone that the plan chose.</summary>
    public InferenceFailure? FirstFailure { get; private set; }

    public Judgement Judge(IReadOnlyList<Tensor> outputs) =>
        plan.Chosen!.Manifest is { } manifest ? ConfidenceRules.Judge(manifest, outputs) : default;

    /// <summary>Takes note of an attempt's end and says how it ended.</summary>
    /// <param name="callerGone">The caller cancelled: whatever failed, nothing more is tried.</param>
    public AttemptOutcome Add(AttemptAnswer answer, bool callerGone)
    {
        (answer.Before, Last) = (Last, answer);
        var (past, its) = (times, answer.Times);
        times = new RequestTimes(past.Route, past.Queue + its.Queue, past.Here + its.Here, past.Link + its.Link, past.Above + its.Above);
        if (answer.Failure is { } failure)
        {
            FirstFailure ??= failure;
            return callerGone ? AttemptOutcome.GivenUp : AttemptRules.Classify(failure.Code, answer.Attempt.Candidate.Target);
        }

        SpentMicrousd += answer.Attempt.Candidate.CostOf(plan.Request.InputBytes);
        return answer.IsUnsure(plan.Settings.Floor) ? AttemptOutcome.Unsure : AttemptOutcome.Sure;
    }

    public void Keep(AttemptAnswer answer)
    {
        ReleaseInHand();
        InHand = answer;
    }

    public void ReleaseInHand()
    {
        InHand?.Release();
        InHand = null;
    }

    /// <summary>The answer that is in hand, which from now on is the caller's.</summary>
    public AttemptAnswer TakeInHand()
    {
        var answer = InHand!;
        InHand = null;
        return answer;
    }

    public InferenceResult Result(AttemptAnswer answer, bool degraded) => InferenceResult.Of(new InferenceResponse(
        OutputSelection.ToReturn(answer.Outputs, request.Outputs, Asked),
        answer.Provenance ?? answer.Attempt.Candidate.Provenance,
        answer.Judged.Label,
        answer.Judged.Confidence,
        answer.Escalated || answer.Attempt.When == AttemptWhen.Unsure,
        degraded || answer.Degraded,
        PlanRenderer.Reason(plan),
        request.Parameters.Explain && (plan.Shed & ShedKinds.Explain) == 0 ? PlanRenderer.Json(plan, [.. request.Inputs.Select(input => new TensorSpec(input.Name, input.DataType, input.Shape))]) : null,
        times));
}
