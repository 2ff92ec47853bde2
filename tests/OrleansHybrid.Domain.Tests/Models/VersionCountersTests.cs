using CsCheck;
using OrleansHybrid.Domain.Models;
using Xunit;

namespace OrleansHybrid.Domain.Tests.Models;

public sealed class VersionCountersTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Batches_of_any_silos_repeated_at_will_count_once_each() =>
        Gen.Select(Gen.Int[0, 2], Gen.Int[1, 4]).Array[1, 60].Sample(sent =>
        {
            var counters = VersionCounters.StartingAt(Now);
            var sequences = new int[3];
            foreach (var (silo, times) in sent)
            {
                var batch = Batch(silo, 1, ++sequences[silo]);
                for (var i = 0; i < times; i++)
                {
                    (counters, var receipt) = VersionCountersRules.Add(counters, batch, Now);
                    Assert.Equal(i == 0, receipt.Counted);
                }
            }

            Assert.Equal(sent.Length, counters.Requests);
        });

    [Fact]
    public void Batch_of_a_silos_earlier_start_is_refused_and_the_receipt_names_the_later_one()
    {
        var (counters, _) = VersionCountersRules.Add(VersionCounters.StartingAt(Now), Batch(0, 5, 1), Now);

        var (same, receipt) = VersionCountersRules.Add(counters, Batch(0, 4, 99), Now);

        Assert.Same(counters, same);
        Assert.Equal(new CounterReceipt(false, 5, 1), receipt);
    }

    [Fact]
    public void Sources_beyond_the_bound_push_out_the_one_silent_longest()
    {
        var counters = VersionCounters.StartingAt(Now);
        for (var i = 0; i <= Limits.CounterSourcesMax; i++) (counters, _) = VersionCountersRules.Add(counters, Batch(i, 1, 1), Now.AddSeconds(i));

        Assert.Equal(Limits.CounterSourcesMax, counters.Sources.Count);
        Assert.DoesNotContain("n0", counters.Sources.Select(s => s.Silo));
        Assert.Contains("n1", counters.Sources.Select(s => s.Silo));
    }

    private static CounterBatch Batch(int silo, long epoch, long sequence) =>
        new($"n{silo}", epoch, sequence, [new VersionCounterRow(Zone.Edge, null, 1, 0, 0, LatencySketch.Empty)]);
}
