using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Grains.Routing;

namespace OrleansHybrid.Grains.Tests.Harness;

/// <summary>Stands in for the request loop: counts who came in, and answers each input plus one when the gate is open.</summary>
internal sealed class GatedInference(bool heedsCancellation = true) : ISiloInference
{
    private readonly TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int entered;

    public TensorPool Pool { get; } = new(poison: true);

    public int Entered => Volatile.Read(ref entered);

    /// <summary>The last request that came in.</summary>
    public InferenceRequest? Seen { get; private set; }

    public bool WasCancelled { get; private set; }

    public GatedInference Open()
    {
        gate.TrySetResult();
        return this;
    }

    public async ValueTask<InferenceResult> InferAsync(InferenceRequest request, CancellationToken cancellationToken)
    {
        Seen = request;
        Interlocked.Increment(ref entered);
        try
        {
            await gate.Task.WaitAsync(heedsCancellation ? cancellationToken : CancellationToken.None);
        }
        catch (OperationCanceledException)
        {
            WasCancelled = true;
            return InferenceResult.Of(new InferenceFailure(FailureCode.Cancelled, "The caller cancelled the request."));
        }

        return Sample.Answer(request.Inputs.Select(i => Sample.PlusOne(i, Pool)).ToArray());
    }

    public ExplainResult Explain(ExplainRequest request) => new("{}", null);
}
