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

    public static InferenceFailure LargerThanBudget(VariantToLoad variant, long bytes, long budgetBytes) => new(
        FailureCode.ModelFailed,
        string.Create(null, $"expected a variant of at most {budgetBytes} bytes, the whole memory budget; '{variant.Key.Variant}' counts for {bytes} ({(variant.MemoryBytes > 0 ? "declared" : $"{ResidencyRules.FileFactor} times its file, since memory_mib is not declared")}). Raise the budget, or give this zone a smaller variant."));

    public static InferenceFailure NoRoom(long bytes, long budgetBytes) => new(
        FailureCode.Overloaded,
        string.Create(null, $"No room for {bytes} bytes: the memory budget of {budgetBytes} is taken by variants that run. Try again after the time given, or raise the budget."),
        TimeSpan.FromSeconds(1));

    public static EngineOutcome Outcome(InferenceFailure failure, TimeSpan queue = default) => new([], failure, new EngineTimes(queue, default, default, default, 0));
}
