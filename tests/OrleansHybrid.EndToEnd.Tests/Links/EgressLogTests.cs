using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Privacy;
using OrleansHybrid.Links.Privacy;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Links;

public sealed class EgressLogTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Full_log_keeps_the_newest_and_counts_all()
    {
        var log = Filled(capacity: 3, records: 5);

        Assert.Equal(["4", "3", "2"], log.Read().Select(r => r.RequestId));
        Assert.Equal(5, log.Written);
    }

    [Fact]
    public void Reading_since_a_moment_with_a_filter_and_a_bound_gives_those_alone()
    {
        var log = Filled(capacity: 10, records: 8);

        Assert.Equal(["6", "4"], log.Read(Noon.AddSeconds(2), r => int.Parse(r.RequestId, null) % 2 == 0, take: 2).Select(r => r.RequestId));
        Assert.Empty(log.Read(Noon.AddSeconds(8)));
    }

    private static EgressLog Filled(int capacity, int records)
    {
        var log = new EgressLog(capacity);
        for (var i = 0; i < records; i++)
        {
            log.Write(new EgressRecord(Noon.AddSeconds(i), $"{i}", "m", "eu-west", Zone.Edge, "central", Zone.Cloud, 1, PrivacyCeiling.Any, "ceiling"));
        }

        return log;
    }
}
