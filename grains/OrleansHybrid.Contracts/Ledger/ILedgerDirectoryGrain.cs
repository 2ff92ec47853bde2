using Orleans.Concurrency;

namespace OrleansHybrid.Contracts.Ledger;

/// <summary>Which tenants have a ledger in this cell. Key: the cell. A silo asks it when it meets a tenant and once a day; no request waits for it.</summary>
[Alias("hybrid.ledger-directory"), GrainInterfaceType("hybrid.ledger-directory")]
public interface ILedgerDirectoryGrain : IGrainWithStringKey
{
    /// <summary>Gives each tenant a place while there is one. Answers those that got none.</summary>
    [Alias("admit")]
    Task<IReadOnlyList<string>> AdmitAsync(IReadOnlyList<string> tenants, CancellationToken cancellationToken);

    /// <summary>Every name under which something may be booked.</summary>
    [Alias("list"), AlwaysInterleave]
    Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken);
}
