using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Ledger;

namespace OrleansHybrid.Grains.Ledger;

/// <summary>What this silo booked since its start, by zone: for metrics. Tenants are no labels, so they are summed up.</summary>
public sealed class LedgerTotals(HybridGrainsOptions options, TimeProvider clock)
{
    private readonly Lock adding = new();
    private readonly LedgerFigures[] totals = new LedgerFigures[Zones.AllNames.Count];
    private LedgerFigures[] current = new LedgerFigures[Zones.AllNames.Count];
    private LedgerFigures[] last = new LedgerFigures[Zones.AllNames.Count];
    private long turnedAt = clock.GetTimestamp();

    public LedgerFigures Of(Zone zone)
    {
        lock (adding) return totals[(int)zone];
    }

    /// <summary>
    /// Micro-USD for 1,000 requests computed in the zone, over the last <see cref="Limits.LedgerCostWindow"/> or two; null when there were none. For this
    /// silo's own zone its money by its runs; for a zone above what the link cost and what is booked above, by the requests answered there.
    /// </summary>
    public double? CostPer1000(Zone zone)
    {
        lock (adding)
        {
            Turn();
            var figures = last[(int)zone] + current[(int)zone];
            var own = zone == options.Zone;
            var (money, requests) = own ? (figures.MoneyPicousd, figures.Runs) : (figures.MoneyPicousd + figures.AbovePicousd, figures.Requests);
            return requests == 0 ? null : money * 1000.0 / requests / LedgerPrices.PicousdPerMicrousd;
        }
    }

    internal void Add(IReadOnlyList<LedgerEntry> entries)
    {
        lock (adding)
        {
            Turn();
            foreach (var entry in entries)
            {
                var zone = (int)entry.Key.Zone;
                totals[zone] += entry.Figures;
                current[zone] += entry.Figures;
            }
        }
    }

    private void Turn()
    {
        var passed = clock.GetElapsedTime(turnedAt);
        if (passed < Limits.LedgerCostWindow) return;
        last = passed < Limits.LedgerCostWindow * 2 ? current : new LedgerFigures[Zones.AllNames.Count];
        current = new LedgerFigures[Zones.AllNames.Count];
        turnedAt = clock.GetTimestamp();
    }
}
