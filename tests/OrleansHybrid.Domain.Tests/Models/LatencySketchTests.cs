using CsCheck;
using Microsoft.Extensions.Time.Testing;
using OrleansHybrid.Domain.Models;
using Xunit;

namespace OrleansHybrid.Domain.Tests.Models;

public sealed class LatencySketchTests
{
    /// <summary>The bound of the layout, and a little for rounding.</summary>
    private const double Error = LatencyBuckets.RelativeError * 1.0001;

    // Times over eight orders of magnitude, as logarithms, so that no range is left out.
    private static readonly Gen<double> Times = Gen.Double[Math.Log(LatencyBuckets.MinMs), Math.Log(LatencyBuckets.MaxMs)].Select(Math.Exp);
    private static readonly Gen<double[]> ManyTimes = Times.Array[1, 400];

    [Fact]
    public void Quantile_of_any_times_is_within_one_percent_of_the_exact_one() =>
        Gen.Select(ManyTimes, Gen.Double[0, 1]).Sample((times, quantile) =>
        {
            var exact = times.Order().ElementAt((int)(quantile * (times.Length - 1)));

            var told = Sketch(times).Quantile(quantile)!.Value;

            Assert.InRange(told, exact * (1 - Error), exact * (1 + Error));
        });

    [Fact]
    public void Merge_in_any_order_equals_the_sketch_of_all() =>
        Gen.Select(ManyTimes, ManyTimes, ManyTimes).Sample((a, b, c) =>
        {
            var whole = Sketch([.. a, .. b, .. c]);

            Assert.Equal(whole, Sketch(a).Merge(Sketch(b)).Merge(Sketch(c)));
            Assert.Equal(whole, Sketch(c).Merge(Sketch(b).Merge(Sketch(a))));
        });

    [Fact]
    public void Merge_with_nothing_changes_nothing() =>
        ManyTimes.Sample(times => Sketch(times) == Sketch(times).Merge(LatencySketch.Empty) && Sketch(times) == LatencySketch.Empty.Merge(Sketch(times)));

    [Fact]
    public void Sketch_of_a_million_unlike_times_is_no_larger_than_the_layout()
    {
        var recorder = new LatencySketchRecorder();
        for (var i = 0; i < 1_000_000; i++) recorder.Add(0.0001 * Math.Pow(1.00003, i));

        var sketch = recorder.Drain();

        Assert.Equal(1_000_000, sketch.Count);
        Assert.InRange(sketch.Indices.Length, 900, LatencyBuckets.Count);
        Assert.InRange(LatencyBuckets.Count, 900, 1100);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    [InlineData(double.NaN)]
    [InlineData(1e-9)]
    public void Time_too_short_to_tell_counts_as_the_shortest(double ms) => Assert.Equal(LatencyBuckets.MinMs, Sketch([ms]).Quantile(0.5));

    [Fact]
    public void Time_beyond_the_layout_counts_as_the_longest() =>
        Assert.InRange(Sketch([double.PositiveInfinity]).Quantile(0.5)!.Value, LatencyBuckets.MaxMs * (1 - Error), LatencyBuckets.MaxMs * (1 + Error));

    [Fact]
    public void Quantile_of_nothing_is_not_told() => Assert.Null(LatencySketch.Empty.Quantile(0.95));

    [Fact]
    public void Recorder_used_by_many_threads_and_drained_meanwhile_loses_and_repeats_nothing()
    {
        var recorder = new LatencySketchRecorder();
        var drained = LatencySketch.Empty;

        Parallel.For(0, 8, worker =>
        {
            for (var i = 0; i < 20_000; i++)
            {
                recorder.Add(i % 100);
                if (worker == 0 && i % 1000 == 0) drained = drained.Merge(recorder.Drain());
            }
        });

        Assert.Equal(160_000, drained.Merge(recorder.Drain()).Count);
    }

    [Fact]
    public void Recorder_adding_allocates_nothing()
    {
        var recorder = new LatencySketchRecorder();
        recorder.Add(1);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 1000; i++) recorder.Add(TimeSpan.FromMilliseconds(i));

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Window_forgets_what_is_older_than_two_windows_and_keeps_what_is_younger_than_one()
    {
        var clock = new FakeTimeProvider();
        var window = new LatencySketchWindow(TimeSpan.FromSeconds(30), clock);
        for (var i = 0; i < 100; i++) window.Add(TimeSpan.FromMilliseconds(500));

        clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(100, window.Read().Samples);
        window.Add(TimeSpan.FromMilliseconds(10));
        clock.Advance(TimeSpan.FromSeconds(30));

        var (msP95, samples) = window.Read();
        Assert.Equal(1, samples);
        Assert.InRange(msP95, 9.9, 10.1);
    }

    [Fact]
    public void Window_nobody_read_for_long_tells_nothing_old()
    {
        var clock = new FakeTimeProvider();
        var window = new LatencySketchWindow(TimeSpan.FromSeconds(30), clock);
        window.Add(TimeSpan.FromMilliseconds(500));

        clock.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal((0, 0), window.Read());
    }

    private static LatencySketch Sketch(IEnumerable<double> times)
    {
        var recorder = new LatencySketchRecorder();
        foreach (var ms in times) recorder.Add(ms);
        return recorder.Drain();
    }
}
