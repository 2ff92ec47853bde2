using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansHybrid.Contracts.Ledger;
using OrleansHybrid.Domain.Ledger;
using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Grains.Ledger;

/// <summary>A tenant's book and what its quotas have given to silos. Each is stored before it is answered, so what was answered is never lost.</summary>
/// <remarks>
/// A write that fails may have been stored all the same: this activation ends, and the next one reads what is there. The silo sends its batch again; the mark
/// in the book says whether it was booked.
/// </remarks>
[GrainType("hybrid.ledger")]
public sealed class LedgerGrain(
    [PersistentState("ledger")] IPersistentState<LedgerState> ledger,
    [PersistentState("quota")] IPersistentState<QuotaBookState> quota,
    [FromKeyedServices(HybridClock.Key)] TimeProvider clock,
    ILogger<LedgerGrain> log) : Grain, ILedgerGrain
{
    /// <summary>As stored.</summary>
    private LedgerBook book = LedgerBook.Empty;

    private QuotaBook quotas = QuotaBook.Empty;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        (book, quotas) = (ledger.State.Book ?? LedgerBook.Empty, quota.State.Book ?? QuotaBook.Empty);
        return Task.CompletedTask;
    }

    public async Task<CounterReceipt> AddAsync(LedgerBatch batch, CancellationToken cancellationToken)
    {
        var (next, receipt) = LedgerRules.Add(book, batch, clock.GetUtcNow());
        if (!receipt.Counted) return receipt;
        ledger.State = new LedgerState { Book = next };
        await StoreAsync(ledger, cancellationToken);
        book = next;
        return receipt;
    }

    public Task<LedgerAnswer> AskAsync(LedgerQuery query, CancellationToken cancellationToken) =>
        Task.FromResult(LedgerQueries.Ask(book, this.GetPrimaryKeyString(), query));

    public async Task<QuotaGrant> LeaseAsync(QuotaAsk ask, CancellationToken cancellationToken)
    {
        var (next, grant) = QuotaRules.Lease(quotas, ask, clock.GetUtcNow());
        if (ReferenceEquals(next, quotas)) return grant;
        quota.State = new QuotaBookState { Book = next };
        await StoreAsync(quota, cancellationToken);
        quotas = next;
        return grant;
    }

    private async Task StoreAsync<T>(IPersistentState<T> state, CancellationToken cancellationToken)
    {
        try
        {
            await state.WriteStateAsync(cancellationToken);
        }
        catch (Exception e)
        {
            log.LogWarning(e, "The ledger of {Tenant} could not be stored; what was sent is sent again.", this.GetPrimaryKeyString());
            DeactivateOnIdle();
            throw;
        }
    }
}

/// <summary>What is stored of a tenant's costs.</summary>
[GenerateSerializer, Alias("hybrid.ledger-state")]
public sealed class LedgerState
{
    [Id(0)] public LedgerBook? Book { get; set; }
}

/// <summary>What is stored of a tenant's quotas; apart from its costs, since it changes more often and is small.</summary>
[GenerateSerializer, Alias("hybrid.quota-state")]
public sealed class QuotaBookState
{
    [Id(0)] public QuotaBook? Book { get; set; }
}
