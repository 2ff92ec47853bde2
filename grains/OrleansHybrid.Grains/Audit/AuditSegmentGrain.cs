using Orleans.Storage;
using OrleansHybrid.Contracts.Audit;
using OrleansHybrid.Domain.Audit;

namespace OrleansHybrid.Grains.Audit;

/// <summary>Keeps one closed segment.</summary>
[GrainType("hybrid.audit-segment")]
public sealed class AuditSegmentGrain([PersistentState("audit-segment")] IPersistentState<AuditSegmentState> state) : Grain, IAuditSegmentGrain
{
    public async Task WriteAsync(IReadOnlyList<AuditEntry> entries, CancellationToken cancellationToken)
    {
        if (Holds(entries)) return;
        try
        {
            await StoreAsync(entries, cancellationToken);
        }
        catch (InconsistentStateException)
        {
            await state.ReadStateAsync(cancellationToken);
            if (!Holds(entries)) await StoreAsync(entries, cancellationToken);
        }
    }

    public Task<IReadOnlyList<AuditEntry>> ReadAsync(CancellationToken cancellationToken) => Task.FromResult(state.State.Entries ?? []);

    public async Task DropAsync(CancellationToken cancellationToken)
    {
        await state.ClearStateAsync(cancellationToken);
        DeactivateOnIdle();
    }

    private bool Holds(IReadOnlyList<AuditEntry> entries) =>
        state.State.Entries is { Count: > 0 } stored && stored.Count == entries.Count && stored[^1].Hash == entries[^1].Hash && stored[0].Hash == entries[0].Hash;

    /// <summary>What could not be written is not kept in memory: the next try must not take it for stored.</summary>
    private async Task StoreAsync(IReadOnlyList<AuditEntry> entries, CancellationToken cancellationToken)
    {
        var before = state.State;
        try
        {
            state.State = new AuditSegmentState { Entries = entries };
            await state.WriteStateAsync(cancellationToken);
        }
        catch
        {
            state.State = before;
            throw;
        }
    }
}

/// <summary>What is stored of a segment.</summary>
[GenerateSerializer, Alias("hybrid.audit-segment-state")]
public sealed class AuditSegmentState
{
    [Id(0)] public IReadOnlyList<AuditEntry>? Entries { get; set; }
}
