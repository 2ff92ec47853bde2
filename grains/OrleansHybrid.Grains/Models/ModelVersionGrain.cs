using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Storage;
using OrleansHybrid.Contracts.Models;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Grains.Models;

/// <summary>A version's counters in this cell: batches of the silos, each counted once, written at an interval and at deactivation.</summary>
/// <remarks>
/// A batch is answered before it is stored. A crash forgets the batches since the last write together with their marks, so nothing is counted
/// twice; what is lost is at most an interval's counts.
/// </remarks>
[GrainType("hybrid.model-version")]
public sealed class ModelVersionGrain(
    [PersistentState("counters")] IPersistentState<ModelVersionState> state,
    [FromKeyedServices(HybridClock.Key)] TimeProvider clock,
    ILogger<ModelVersionGrain> log) : Grain, IModelVersionGrain
{
    private VersionCounters counters = null!;
    private bool changed;

    private ModelVersionKey Key => ModelVersionKey.TryParse(this.GetPrimaryKeyString(), out var key)
        ? key
        : throw new ArgumentException($"A version's key is model@version; '{this.GetPrimaryKeyString()}' came.");

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        counters = state.State.Counters ?? VersionCounters.StartingAt(clock.GetUtcNow());
        var writing = new GrainTimerCreationOptions(Limits.CounterPersistInterval, Limits.CounterPersistInterval) { Interleave = true };
        this.RegisterGrainTimer(PersistAsync, writing);
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => PersistAsync(cancellationToken);

    public Task<CounterReceipt> AddCountersAsync(CounterBatch batch, CancellationToken cancellationToken)
    {
        (counters, var receipt) = VersionCountersRules.Add(counters, batch, clock.GetUtcNow());
        changed |= receipt.Counted;
        return Task.FromResult(receipt);
    }

    public Task<VersionReport> GetAsync(CancellationToken cancellationToken) => Task.FromResult(VersionReport.Of(Key, counters));

    /// <summary>Interleaves with calls, so that a store that hangs delays neither batches nor readers.</summary>
    private async Task PersistAsync(CancellationToken cancellationToken)
    {
        if (!changed) return;
        changed = false;
        try
        {
            state.State = new ModelVersionState { Counters = counters };
            await state.WriteStateAsync(cancellationToken);
        }
        catch (InconsistentStateException e)
        {
            // Another activation wrote: its counts stand, those since our last write are lost, and the next call reads what is stored.
            log.LogWarning(e, "The counters of {Version} were written by another activation; this one gives way.", Key);
            DeactivateOnIdle();
        }
        catch
        {
            changed = true;
            throw;
        }
    }
}

/// <summary>What is stored of a version.</summary>
[GenerateSerializer, Alias("hybrid.model-version-state")]
public sealed class ModelVersionState
{
    [Id(0)] public VersionCounters? Counters { get; set; }
}
