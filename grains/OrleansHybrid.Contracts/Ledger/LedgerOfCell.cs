using OrleansHybrid.Domain.Ledger;

namespace OrleansHybrid.Contracts.Ledger;

/// <summary>Questions about a cell's whole ledger: asked of each tenant's grain, some at a time, and merged.</summary>
public static class LedgerOfCell
{
    private const int AskedAtOnce = 64;

    public static async Task<LedgerAnswer> AskLedgerAsync(this IGrainFactory grains, string cell, LedgerQuery query, CancellationToken cancellationToken)
    {
        var tenants = await grains.GetLedgerDirectory(cell).ListAsync(cancellationToken);
        var answers = new List<LedgerAnswer>(tenants.Count);
        foreach (var some in tenants.Chunk(AskedAtOnce))
        {
            answers.AddRange(await Task.WhenAll(some.Select(t => grains.GetLedger(t).AskAsync(query, cancellationToken))));
        }

        return LedgerQueries.Merge(answers);
    }
}
