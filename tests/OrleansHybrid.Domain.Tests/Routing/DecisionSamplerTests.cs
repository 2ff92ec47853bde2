using System.Globalization;
using OrleansHybrid.Domain.Routing;
using Xunit;

namespace OrleansHybrid.Domain.Tests.Routing;

public sealed class DecisionSamplerTests
{
    private static readonly DateTimeOffset Noon = Farm.Start;

    [Fact]
    public void First_of_each_second_and_model_are_all_kept()
    {
        var sampler = new DecisionSampler(firstPerSecond: 3, notablePerSecond: 10, oneIn: int.MaxValue);
        Assert.Equal(3, Count(sampler, "a", 100, Noon, notable: false));
        Assert.Equal(3, Count(sampler, "b", 100, Noon, notable: false));
        Assert.Equal(3, Count(sampler, "a", 100, Noon.AddSeconds(1), notable: false));
    }

    [Fact]
    public void Notable_ones_are_all_kept_up_to_their_bound()
    {
        var sampler = new DecisionSampler(firstPerSecond: 3, notablePerSecond: 10, oneIn: int.MaxValue);
        Assert.Equal(10, Count(sampler, "a", 5000, Noon, notable: true));
        Assert.Equal(3, Count(sampler, "a", 100, Noon, notable: false));
    }

    [Fact]
    public void Weights_of_a_busy_second_add_up_to_its_requests()
    {
        var sampler = new DecisionSampler(firstPerSecond: 5, notablePerSecond: 10_000, oneIn: 100);
        var sum = Enumerable.Range(0, 100_000).Sum(i => sampler.WeightOf("a", Id(i), false, Noon));
        Assert.InRange(sum, 90_000, 110_000);
    }

    [Fact]
    public void A_request_is_chosen_in_every_cell_or_in_none()
    {
        var (edge, cloud) = (new DecisionSampler(0, 10_000, 100), new DecisionSampler(0, 10_000, 100));
        var chosen = Enumerable.Range(0, 10_000).Where(i => edge.WeightOf("a", Id(i), false, Noon) > 0).ToArray();
        Assert.Equal(chosen, Enumerable.Range(0, 10_000).Where(i => cloud.WeightOf("a", Id(i), false, Noon.AddDays(1)) > 0));
        Assert.InRange(chosen.Length, 50, 200);
    }

    [Fact]
    public void One_id_for_all_requests_stays_within_the_bound()
    {
        var sampler = new DecisionSampler(firstPerSecond: 0, notablePerSecond: 10, oneIn: 1);
        Assert.Equal(10, Enumerable.Range(0, 10_000).Count(_ => sampler.WeightOf("a", "1", false, Noon) > 0));
    }

    [Fact]
    public void Threads_of_one_second_share_its_bound()
    {
        var sampler = new DecisionSampler(firstPerSecond: 50, notablePerSecond: 10, oneIn: int.MaxValue);
        var kept = 0;
        Parallel.For(0, 20_000, i =>
        {
            if (sampler.WeightOf("a", Id(i), false, Noon) > 0) Interlocked.Increment(ref kept);
        });
        Assert.Equal(50, kept);
    }

    private static int Count(DecisionSampler sampler, string model, int requests, DateTimeOffset at, bool notable) =>
        Enumerable.Range(0, requests).Count(i => sampler.WeightOf(model, Id(i), notable, at) > 0);

    private static string Id(int i) => "request-" + i.ToString(CultureInfo.InvariantCulture);
}
