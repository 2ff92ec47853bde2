using OrleansHybrid.Contracts.Models;
using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Grains.Models;

/// <summary>One version's way from this silo to its grain: at most one batch under way, sent unchanged until it is answered. One caller at a time.</summary>
internal sealed class CounterOutbox(string silo, long epoch)
{
    private CounterBatch? pending;
    private long epoch = epoch;
    private long sequence;

    public VersionCounterCell Cell { get; } = new();

    public async Task FlushAsync(IModelVersionGrain grain, CancellationToken cancellationToken)
    {
        pending ??= Next();
        while (pending is { } batch)
        {
            var receipt = await grain.AddCountersAsync(batch, cancellationToken);
            pending = receipt.Epoch > batch.Epoch ? Renumber(batch, receipt) : null;
        }
    }

    private CounterBatch? Next()
    {
        var rows = Cell.Drain();
        return rows.Count == 0 ? null : new CounterBatch(silo, epoch, ++sequence, rows);
    }

    /// <summary>The grain knows a later start of this silo: the clock went back between two starts. This batch was not counted; the numbering goes on above.</summary>
    private CounterBatch Renumber(CounterBatch batch, CounterReceipt receipt)
    {
        epoch = receipt.Epoch + 1;
        return batch with { Epoch = epoch };
    }
}
