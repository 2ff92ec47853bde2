using OrleansHybrid.Contracts;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Grains.Models;
using OrleansHybrid.Grains.Tests.Audit;
using OrleansHybrid.Grains.Tests.Harness;
using Xunit;

namespace OrleansHybrid.Grains.Tests.Models;

public sealed class ModelVersionGrainTests
{
    private readonly TensorPool pool = new();

    [Fact]
    public async Task Version_given_the_same_batch_again_counts_it_once()
    {
        await using var cell = await TestCell.StartAsync(new GatedInference());
        var version = cell.Client.GetModelVersion(Sample.Version);

        var first = await version.AddCountersAsync(Batch(1, 1, requests: 3), default);
        var again = await version.AddCountersAsync(Batch(1, 1, requests: 3), default);
        var next = await version.AddCountersAsync(Batch(1, 2, requests: 4), default);

        Assert.Equal((true, false, true), (first.Counted, again.Counted, next.Counted));
        Assert.Equal(7, (await version.GetAsync(default)).Counters.Requests);
    }

    [Fact]
    public async Task Version_activated_again_keeps_counts_and_still_refuses_the_same_batch()
    {
        await using var cell = await TestCell.StartAsync(new GatedInference());
        var version = cell.Client.GetModelVersion(Sample.Version);
        await version.AddCountersAsync(Batch(1, 1, requests: 3), default);

        await cell.DeactivateAsync(version);
        var again = await version.AddCountersAsync(Batch(1, 1, requests: 3), default);

        Assert.False(again.Counted);
        Assert.Equal(3, (await version.GetAsync(default)).Counters.Requests);
    }

    [Fact]
    public async Task Version_tells_quantiles_of_answered_requests_alone()
    {
        await using var cell = await TestCell.StartAsync(new GatedInference());
        var version = cell.Client.GetModelVersion(Sample.Version);

        await version.AddCountersAsync(new CounterBatch("n1", 1, 1, [Row(null, 10, 20, 30), Row(FailureCode.DeadlineExceeded, 5000)]), default);
        var report = await version.GetAsync(default);

        Assert.InRange(report.MsP50!.Value, 19.8, 20.2);
        Assert.InRange(report.MsP99!.Value, 19.8, 30.3);
        Assert.Equal(cell.Clock.GetUtcNow(), report.LastBatch);
    }

    [Fact]
    public async Task Version_nobody_reported_tells_no_quantile()
    {
        await using var cell = await TestCell.StartAsync(new GatedInference());

        var report = await cell.Client.GetModelVersion(Sample.Version).GetAsync(default);

        Assert.Equal((0L, null, null), (report.Counters.Requests, report.MsP95, report.LastBatch));
    }

    [Fact]
    public async Task Recorder_flushed_hands_on_each_request_once()
    {
        await using var cell = await TestCell.StartAsync();
        var recorder = cell.Service<VersionCounterRecorder>();
        var service = cell.Service<IInferenceService>();

        for (var i = 0; i < 5; i++) await service.InferAsync(Sample.Request(pool, 1, 2, 3, 4), default);
        await service.InferAsync(Sample.Request(pool, 1) with { Model = "nobody-has-this" }, default);
        await recorder.FlushAsync(default);
        await recorder.FlushAsync(default);
        var report = await cell.Client.GetModelVersion(Sample.Version).GetAsync(default);

        var row = Assert.Single(report.Counters.Rows);
        Assert.Equal((Zone.Edge, null, 5L, 5L), (row.Zone, row.Failure, row.Requests, row.Latency.Count));
    }

    [Fact]
    public async Task Recorder_after_its_clock_went_back_between_two_starts_is_counted_all_the_same()
    {
        await using var cell = await TestCell.StartAsync();
        var version = cell.Client.GetModelVersion(Sample.Version);
        var later = cell.Clock.GetUtcNow().AddYears(1).ToUnixTimeMilliseconds();
        await version.AddCountersAsync(new CounterBatch(cell.Nodes[0], later, 9, [Row(null, 1)]), default);

        await cell.Service<IInferenceService>().InferAsync(Sample.Request(pool, 1, 2, 3, 4), default);
        await cell.Service<VersionCounterRecorder>().FlushAsync(default);

        Assert.Equal(2, (await version.GetAsync(default)).Counters.Requests);
    }

    [Fact]
    public async Task Silo_that_stops_hands_on_its_last_counts()
    {
        // A store outside the silos, as in a cell: the default one lives in grains, and goes with the silo that stops.
        await using var cell = await TestCell.StartAsync(silos: 2, storage: new EtagStorage());
        await cell.Service<IInferenceService>(1).InferAsync(Sample.Request(pool, 1, 2, 3, 4), default);

        await cell.StopSiloAsync(1);

        Assert.Equal(1, (await cell.Client.GetModelVersion(Sample.Version).GetAsync(default)).Counters.Requests);
    }

    private static CounterBatch Batch(long epoch, long sequence, int requests) =>
        new("n1", epoch, sequence, [Row(null, Enumerable.Repeat(10.0, requests).ToArray())]);

    private static VersionCounterRow Row(FailureCode? failure, params double[] times)
    {
        var recorder = new LatencySketchRecorder();
        foreach (var ms in times) recorder.Add(ms);
        return new VersionCounterRow(Zone.Edge, failure, times.Length, 0, 0, recorder.Drain());
    }
}
