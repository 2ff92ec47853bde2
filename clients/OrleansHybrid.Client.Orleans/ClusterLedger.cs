using OrleansHybrid.Contracts.Ledger;
using OrleansHybrid.Domain.Ledger;

namespace OrleansHybrid.Client.Orleans;

/// <summary>What the cell's requests, runs, links and loaded models cost, all its silos together.</summary>
public sealed class ClusterLedger
{
    private readonly IClusterClient client;
    private readonly string cell;

    internal ClusterLedger(IClusterClient client, string cell) => (this.client, this.cell) = (client, cell);

    /// <param name="by">What rows are grouped by; empty: the zone.</param>
    /// <param name="since">Leaves out the hours that ended before; null: everything kept.</param>
    /// <exception cref="HybridClusterException">The cell did not answer.</exception>
    public Task<LedgerAnswer> QueryAsync(IReadOnlyList<LedgerColumn>? by = null, DateTimeOffset? since = null, CancellationToken cancellationToken = default) =>
        ClusterCalls.OrThrowAsync(client.AskLedgerAsync(cell, new LedgerQuery(by is { Count: > 0 } ? by : [LedgerColumn.Zone], since), cancellationToken), "The ledger");
}
