using System.Collections.Concurrent;

namespace OrleansHybrid.Inference.Repository;

/// <summary>One change at a time for each model; changes of different models run side by side.</summary>
internal sealed class ModelChanges
{
    private readonly ConcurrentDictionary<string, SemaphoreSlim> gates = new(StringComparer.Ordinal);

    /// <summary>Waits for its turn; disposing what it returns lets the next one in. Ask only for models that exist: a gate is kept for each name.</summary>
    public async Task<IDisposable> EnterAsync(string model, CancellationToken cancellationToken)
    {
        var gate = gates.GetOrAdd(model, static _ => new SemaphoreSlim(1, 1));
        await gate.WaitAsync(cancellationToken);
        return new Turn(gate);
    }

    private sealed class Turn(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
