using Microsoft.Extensions.Time.Testing;
using OrleansHybrid.Domain;
using OrleansHybrid.Links.Bundles.Transfer;
using Xunit;

namespace OrleansHybrid.Grains.Tests.Bundles;

/// <summary>A link's rate and hours, on a fake clock.</summary>
public sealed class TransferLimitsTests
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 1, 5, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task Bytes_above_the_rate_wait_until_they_are_paid_for()
    {
        var limits = new TransferLimits(100, null, clock);
        await limits.TakeAsync(100, default); // A second's bytes at once.
        var more = limits.TakeAsync(300, default).AsTask();
        clock.Advance(TimeSpan.FromSeconds(2.9));
        Assert.False(more.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(0.2));
        await more.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Without_a_rate_nothing_waits() => await TransferLimits.None(clock).TakeAsync(int.MaxValue, default);

    [Theory]
    [InlineData("22:00-06:00", 600)]
    [InlineData("12:00-12:01", 0)]
    [InlineData("11:00-12:00", 1380)]
    [InlineData("08:30-17:00", 0)]
    public void Window_is_open_within_its_hours_and_says_when_it_opens(string text, int minutes)
    {
        var limits = new TransferLimits(0, FetchWindow.Parse(text), clock);
        Assert.Equal(minutes == 0 ? null : TimeSpan.FromMinutes(minutes), limits.WhyNot()?.RetryAfter);
    }

    [Theory]
    [InlineData("22-6")]
    [InlineData("22:00")]
    [InlineData("24:00-06:00")]
    [InlineData("06:00-06:00")]
    [InlineData("")]
    public void Text_that_is_no_window_is_none(string text) => Assert.Null(FetchWindow.Parse(text));

    [Fact]
    public async Task Closed_window_and_cut_link_ask_for_nothing()
    {
        using var fixture = new StoreFixture();
        var version = await fixture.Source.PublishAsync(1);
        var source = new FakeBundleSource(fixture.Source);
        var closed = new BundleFetcher(fixture.Store, source, new TransferLimits(0, FetchWindow.Parse("22:00-06:00"), clock));
        Assert.Contains("--fetch-window", (await closed.FetchAsync(version.Signature, default)).Failure?.Message);
        var cut = new LimitedSource(source, TransferLimits.None(clock), () => new InferenceFailure(FailureCode.UpstreamUnavailable, "cut"));
        Assert.Equal("cut", (await new BundleFetcher(fixture.Store, cut, TransferLimits.None(clock)).FetchAsync(version.Signature, default)).Failure?.Message);
        Assert.Empty(source.Asked);
    }
}
