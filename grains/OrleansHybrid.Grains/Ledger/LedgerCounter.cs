using OrleansHybrid.Domain.Ledger;
using OrleansHybrid.Domain.Routing;

namespace OrleansHybrid.Grains.Ledger;

/// <summary>What this silo counted for one row since its last batch: a few interlocked additions for a request, priced when it is drained.</summary>
/// <param name="prices">Of the row's zone, at the row's revision.</param>
internal sealed class LedgerCounter(ZonePrices prices)
{
    private readonly ZonePrices prices = prices;
    private long requests, failed, runs, computeTicks, linkBytes, idleMibMs, measuredMicrojoules, abovePicousd, avoidedPicousd;

    public ref readonly ZonePrices Prices => ref prices;

    public void CountAnswer(long avoided)
    {
        Interlocked.Increment(ref requests);
        if (avoided > 0) Interlocked.Add(ref avoidedPicousd, avoided);
    }

    public void CountFailure() => Interlocked.Increment(ref failed);

    public void CountRun(TimeSpan compute)
    {
        Interlocked.Increment(ref runs);
        Interlocked.Add(ref computeTicks, compute.Ticks);
    }

    public void CountLink(long bytes, long above)
    {
        Interlocked.Add(ref linkBytes, bytes);
        if (above > 0) Interlocked.Add(ref abovePicousd, above);
    }

    public void CountIdle(long mibMs) => Interlocked.Add(ref idleMibMs, mibMs);

    public void CountMeasured(long microjoules) => Interlocked.Add(ref measuredMicrojoules, microjoules);

    /// <summary>Takes over what was drained elsewhere, its money included by the same prices.</summary>
    public void Absorb(in LedgerFigures figures)
    {
        Interlocked.Add(ref requests, figures.Requests);
        Interlocked.Add(ref failed, figures.Failed);
        Interlocked.Add(ref runs, figures.Runs);
        Interlocked.Add(ref computeTicks, figures.ComputeTicks);
        CountLink(figures.LinkBytes, figures.AbovePicousd);
        Interlocked.Add(ref avoidedPicousd, figures.AvoidedPicousd);
    }

    /// <summary>A request that ends meanwhile may leave one of its figures for the next batch; none is lost and none comes twice.</summary>
    public LedgerFigures Drain()
    {
        long ticks = Interlocked.Exchange(ref computeTicks, 0), bytes = Interlocked.Exchange(ref linkBytes, 0), idle = Interlocked.Exchange(ref idleMibMs, 0);
        return new LedgerFigures(
            Interlocked.Exchange(ref requests, 0),
            Interlocked.Exchange(ref failed, 0),
            Interlocked.Exchange(ref runs, 0),
            ticks,
            bytes,
            idle,
            LedgerPrices.Energy(ticks, prices),
            Interlocked.Exchange(ref measuredMicrojoules, 0),
            LedgerPrices.Compute(ticks, prices) + LedgerPrices.Wan(bytes, prices) + LedgerPrices.Idle(idle, prices),
            Interlocked.Exchange(ref abovePicousd, 0),
            Interlocked.Exchange(ref avoidedPicousd, 0));
    }
}
