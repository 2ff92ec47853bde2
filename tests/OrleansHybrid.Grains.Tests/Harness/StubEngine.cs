using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Grains.Tests.Harness;

/// <summary>An engine whose one variant answers each input byte plus one, from a pool of its own.</summary>
internal sealed class StubEngine : IInferenceEngine
{
    public TensorPool Pool { get; } = new(poison: true);

    public EngineState State { get; set; } = EngineState.Empty;

    public int Runs { get; private set; }

    public ValueTask<LoadOutcome> LoadAsync(VariantToLoad variant, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<bool> UnloadAsync(VariantKey variant, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<EngineOutcome> RunAsync(EngineRequest request, CancellationToken cancellationToken)
    {
        Runs++;
        return ValueTask.FromResult(new EngineOutcome([Sample.PlusOne(request.Inputs[0], Pool)], null, new EngineTimes(default, default, TimeSpan.FromMilliseconds(1), default, 1)));
    }
}
