using Orleans.Concurrency;
using OrleansHybrid.Domain.Ledger;
using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Contracts.Ledger;

/// <summary>One tenant's costs and quotas in this cell. Key: the tenant.</summary>
[Alias("hybrid.ledger"), GrainInterfaceType("hybrid.ledger")]
public interface ILedgerGrain : IGrainWithStringKey
{
    /// <summary>Books a batch once, however often it is sent. The answer comes after it was stored.</summary>
    [Alias("add")]
    Task<CounterReceipt> AddAsync(LedgerBatch batch, CancellationToken cancellationToken);

    /// <summary>What is stored; does not wait for a batch that is being stored.</summary>
    [Alias("ask"), AlwaysInterleave]
    Task<LedgerAnswer> AskAsync(LedgerQuery query, CancellationToken cancellationToken);

    /// <summary>Gives a silo its part of a quota, or takes some back. The answer comes after it was stored.</summary>
    [Alias("lease")]
    Task<QuotaGrant> LeaseAsync(QuotaAsk ask, CancellationToken cancellationToken);
}
