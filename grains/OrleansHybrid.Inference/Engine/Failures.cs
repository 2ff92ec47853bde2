using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Inference.Engine;

/// <summary>The engine's answers that are not tensors.</summary>
internal static class Failures
{
    public static readonly InferenceFailure DeadlinePassed = new(FailureCode.DeadlineExceeded, "The request's time was up before the model had answered. Allow more time, or ask for a smaller model.");

    public static readonly InferenceFailure CallerCancelled = new(FailureCode.Cancelled, "The request was cancelled.");

    public static readonly InferenceFailure Stopping = new(FailureCode.ShuttingDown, "The server is stopping. Ask another one, or again shortly.");

    public static InferenceFailure NotLoaded(VariantKey key) =>
        new(FailureCode.ModelNotReady, $"Variant '{key.Variant}' of {key.ModelVersion} is not loaded here.");

    public static InferenceFailure QueueFull(int waiting, TimeSpan retryAfter) =>
        new(FailureCode.Overloaded, $"{waiting} requests already wait for this model. Try again after the time given.", retryAfter);

    public static EngineOutcome Outcome(InferenceFailure failure, TimeSpan queue = default) => new([], failure, new EngineTimes(queue, default, default, default, 0));
}
