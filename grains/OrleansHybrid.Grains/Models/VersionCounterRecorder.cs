using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using OrleansHybrid.Contracts;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Routing;

namespace OrleansHybrid.Grains.Models;

/// <summary>Counts requests by version, zone and outcome, and hands batches to the versions' grains: never a call for a request.</summary>
/// <remarks>Only versions that the repository knows are counted, so names that callers invent cost nothing.</remarks>
public sealed class VersionCounterRecorder(
    HybridGrainsOptions options,
    IModelRepository repository,
    IGrainFactory grains,
    [FromKeyedServices(HybridClock.Key)] TimeProvider clock) : IRequestObserver
{
    private const int FlushesAtOnce = 16;

    private readonly ConcurrentDictionary<ModelVersionKey, CounterOutbox> outboxes = new();
    private readonly SemaphoreSlim flushing = new(1);
    private readonly long epoch = clock.GetUtcNow().ToUnixTimeMilliseconds();

    public void AttemptEnded(in AttemptReport attempt)
    {
    }

    public void RequestEnded(in RequestReport report)
    {
        var (request, result) = (report.Request, report.Result);
        var provenance = result.Response?.Provenance;
        var key = new ModelVersionKey(request.Model, provenance?.Version ?? request.Version ?? DefaultVersion(request.Model));
        if (outboxes.TryGetValue(key, out var outbox) || TryCreate(key, out outbox))
        {
            outbox.Cell.Count(provenance?.Zone ?? options.Zone, result, report.Total);
        }
    }

    /// <summary>Sends what was counted since the last call. A version whose grain did not answer keeps its batch for the next call; the first failure is thrown.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        await flushing.WaitAsync(cancellationToken);
        try
        {
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = FlushesAtOnce, CancellationToken = cancellationToken };
            var failures = new ConcurrentQueue<Exception>();
            await Parallel.ForEachAsync(outboxes, parallel, async (entry, token) =>
            {
                try
                {
                    await entry.Value.FlushAsync(grains.GetModelVersion(entry.Key), token);
                }
                catch (Exception e) when (!token.IsCancellationRequested)
                {
                    failures.Enqueue(e);
                }
            });
            if (!failures.IsEmpty) throw new AggregateException($"{failures.Count} versions did not take their counters.", failures);
        }
        finally
        {
            flushing.Release();
        }
    }

    private int DefaultVersion(string model) =>
        repository.State.Models.TryGetValue(model, out var entry) ? entry.Default?.Version ?? 0 : 0;

    private bool TryCreate(ModelVersionKey key, out CounterOutbox outbox)
    {
        outbox = null!;
        if (!repository.State.Models.TryGetValue(key.Model, out var model) || model.Find(key.Version) is null) return false;
        outbox = outboxes.GetOrAdd(key, static (_, self) => new CounterOutbox(self.options.Node, self.epoch), (options, epoch));
        return true;
    }
}
