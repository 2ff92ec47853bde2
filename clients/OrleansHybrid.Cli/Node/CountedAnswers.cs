using OrleansHybrid.Domain.Routing;

namespace OrleansHybrid.Cli.Node;

/// <summary>Counts what was answered here, for energy by 1,000 answers.</summary>
internal sealed class CountedAnswers(IInferenceService inner) : IInferenceService
{
    private long answers;

    public long Count => Interlocked.Read(ref answers);

    public async ValueTask<InferenceResult> InferAsync(InferenceRequest request, CancellationToken cancellationToken)
    {
        var result = await inner.InferAsync(request, cancellationToken);
        if (result.Failure is null) Interlocked.Increment(ref answers);
        return result;
    }

    public ValueTask<ExplainResult> ExplainAsync(ExplainRequest request, CancellationToken cancellationToken) => inner.ExplainAsync(request, cancellationToken);
}
