using Microsoft.Extensions.DependencyInjection;
using OrleansHybrid.Contracts.Ledger;
using OrleansHybrid.Domain.Ledger;

namespace OrleansHybrid.Grains.Ledger;

/// <summary>The tenants of this cell's ledger, stored before a place is promised.</summary>
[GrainType("hybrid.ledger-directory")]
public sealed class LedgerDirectoryGrain(
    [PersistentState("tenants")] IPersistentState<LedgerDirectoryState> state,
    [FromKeyedServices(HybridClock.Key)] TimeProvider clock) : Grain, ILedgerDirectoryGrain
{
    private LedgerDirectory directory = LedgerDirectory.Empty;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        directory = state.State.Directory ?? LedgerDirectory.Empty;
        return Task.CompletedTask;
    }

    public async Task<IReadOnlyList<string>> AdmitAsync(IReadOnlyList<string> tenants, CancellationToken cancellationToken)
    {
        var (next, refused) = LedgerDirectoryRules.Admit(directory, tenants, clock.GetUtcNow());
        state.State = new LedgerDirectoryState { Directory = next };
        try
        {
            await state.WriteStateAsync(cancellationToken);
        }
        catch
        {
            DeactivateOnIdle();
            throw;
        }

        directory = next;
        return refused;
    }

    public Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken) => Task.FromResult(directory.Names);
}

/// <summary>What is stored of the directory.</summary>
[GenerateSerializer, Alias("hybrid.ledger-directory-state")]
public sealed class LedgerDirectoryState
{
    [Id(0)] public LedgerDirectory? Directory { get; set; }
}
