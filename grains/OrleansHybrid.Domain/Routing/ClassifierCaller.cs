using System.Runtime.CompilerServices;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Domain.Routing;

/// <summary>Asks a version's classifier over the engine here. Whatever goes wrong, or takes too long, is reported and leaves the request without the signal: never a failure of the request.</summary>
internal sealed class ClassifierCaller(IInferenceEngine engine, IRequestObserver observer, TimeProvider clock)
{
    /// <returns>The plan's signals, with the verdict when there is one.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<RequestSignals> AskAsync(InferenceRequest request, RoutePlan plan, TimeSpan elapsed, CancellationToken cancellationToken)
    {
        var budget = ClassifierRules.Budget(plan.Request.Deadline, elapsed);
        if (budget <= TimeSpan.Zero) return plan.Signals;
        var span = RoutingActivity.Classify(plan);
        var began = clock.GetTimestamp();
        var outcome = await RunAsync(request, plan, budget, cancellationToken);
        var verdict = outcome.Failure is null ? ClassifierRules.Verdict(outcome.Outputs) : null;
        Leases.Release(outcome.Outputs);
        var signals = verdict is { } value ? ClassifierRules.Signal(plan.Signals, value, plan.Chosen!.Manifest!.Classifier!.Threshold) : plan.Signals;
        var failure = outcome.Failure ?? (verdict is null ? NoVerdict : null);
        RoutingActivity.End(span, failure);
        observer.ClassifierEnded(new ClassifierReport(plan, plan.Chosen!.Entry.Classifier!.Key, outcome.Times, clock.GetElapsedTime(began), verdict, signals, failure?.Code));
        return signals;
    }

    private static InferenceFailure NoVerdict => new(FailureCode.ModelFailed, "The classifier gave no number in [0, 1].");

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<EngineOutcome> RunAsync(InferenceRequest request, RoutePlan plan, TimeSpan budget, CancellationToken cancellationToken)
    {
        var classifier = plan.Chosen!.Entry.Classifier!;
        try
        {
            var call = engine.RunAsync(new EngineRequest(classifier.Key, InputsOf(request, classifier), [plan.Chosen.Manifest!.Classifier!.Output], budget, request.Priority), cancellationToken);
            if (call.IsCompleted) return await call;
            var task = call.AsTask();
            if (await LateCalls.EndsWithin(task, budget, clock, cancellationToken)) return await task;
            _ = LateCalls.LeaveBehind(task, request.Inputs, static late => late.Outputs);
            return Failed(cancellationToken.IsCancellationRequested ? AttemptCaller.Cancelled : new InferenceFailure(FailureCode.DeadlineExceeded, "The classifier took too long."));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return Failed(AttemptCaller.Cancelled);
        }
    }

    /// <summary>The request's own list where the classifier reads it all, so that the usual case allocates nothing.</summary>
    private static IReadOnlyList<Tensor> InputsOf(InferenceRequest request, LoadedVariant classifier) =>
        request.Inputs.Count == classifier.Inputs.Count ? request.Inputs : [.. request.Inputs.Where(i => classifier.Inputs.Any(c => c.Name == i.Name))];

    private static EngineOutcome Failed(InferenceFailure failure) => new([], failure, default);
}
