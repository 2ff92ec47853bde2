using OrleansHybrid.Domain;

namespace OrleansHybrid.Client;

/// <summary>A failure as an exception, for callers that want one: see <see cref="HybridAnswer.OrThrow"/>.</summary>
public sealed class HybridException(InferenceFailure failure) : Exception($"{failure.Message} ({failure.Code})")
{
    public InferenceFailure Failure { get; } = failure;
}
