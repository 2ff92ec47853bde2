using OrleansHybrid.Contracts;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Grains.Tests.Harness;
using Xunit;

namespace OrleansHybrid.Grains.Tests.Routing;

public sealed class RouterGrainTests
{
    private readonly TensorPool pool = new(poison: true);

    [Fact]
    public async Task Router_with_forty_waiting_calls_holds_all_of_them_at_once()
    {
        var inference = new GatedInference();
        await using var cell = await TestCell.StartAsync(inference);
        var service = cell.Service<IInferenceService>();

        var calls = Enumerable.Range(0, 40).Select(_ => service.InferAsync(Sample.Request(pool, 1), default).AsTask()).ToArray();
        await Until.TrueAsync(() => inference.Entered == 40, "all forty calls wait in the router");
        inference.Open();
        var results = await Until.DoneAsync(Task.WhenAll(calls));

        Assert.All(results, r => Assert.Equal([2], r.Response!.Outputs[0].Data.Memory.ToArray()));
    }

    [Fact]
    public async Task Router_called_within_its_silo_passes_payloads_by_reference()
    {
        var inference = new GatedInference().Open();
        await using var cell = await TestCell.StartAsync(inference);
        var request = Sample.Request(pool, 1, 2, 3);

        var result = await cell.Service<IInferenceService>().InferAsync(request, default);

        Assert.Same(request.Inputs[0].Data, inference.Seen!.Inputs[0].Data);
        Assert.Equal(1, request.Inputs[0].Data.Holders);
        var output = Assert.Single(result.Response!.Outputs).Data;
        Assert.True(output.IsPooled);
        Assert.Equal(1, inference.Pool.Leased);
        output.Release();
        request.Inputs[0].Data.Release();
        Assert.Equal((0, 0), (inference.Pool.Leased, pool.Leased));
    }

    [Fact]
    public async Task Router_called_from_another_process_answers_with_copies_and_leaves_no_lease_out()
    {
        var inference = new GatedInference().Open();
        await using var cell = await TestCell.StartAsync(inference);
        var request = Sample.Request(pool, 1, 2, 3);
        var before = TensorPool.Shared.Leased;

        var result = await cell.Client.GetRouter(Sample.Cell).InferAsync(request, default);

        Assert.Equal([2, 3, 4], result.Response!.Outputs[0].Data.Memory.ToArray());
        Assert.False(result.Response.Outputs[0].Data.IsPooled);
        Assert.NotSame(request.Inputs[0].Data, inference.Seen!.Inputs[0].Data);
        Assert.Equal(0, inference.Pool.Leased);
        Assert.Equal(before, TensorPool.Shared.Leased);
        Assert.Equal(1, request.Inputs[0].Data.Holders);
    }

    [Fact]
    public async Task Router_whose_caller_cancels_stops_the_run_and_gives_its_hold_back_before_the_caller_goes_on()
    {
        var inference = new GatedInference();
        await using var cell = await TestCell.StartAsync(inference);
        using var caller = new CancellationTokenSource();
        var request = Sample.Request(pool, 1);

        var call = cell.Service<IInferenceService>().InferAsync(request, caller.Token).AsTask();
        await Until.TrueAsync(() => inference.Entered == 1, "the call is in the router");
        await caller.CancelAsync();
        var result = await Until.DoneAsync(call);

        Assert.Equal(FailureCode.Cancelled, result.Failure?.Code);
        Assert.True(inference.WasCancelled);
        Assert.Equal(1, request.Inputs[0].Data.Holders);
    }

    [Fact]
    public async Task Router_whose_run_ignores_cancellation_delivers_its_answer_so_that_no_lease_is_lost()
    {
        var inference = new GatedInference(heedsCancellation: false);
        await using var cell = await TestCell.StartAsync(inference);
        using var caller = new CancellationTokenSource();

        var call = cell.Service<IInferenceService>().InferAsync(Sample.Request(pool, 1), caller.Token).AsTask();
        await Until.TrueAsync(() => inference.Entered == 1, "the call is in the router");
        await caller.CancelAsync();
        Assert.False(call.IsCompleted);
        inference.Open();
        var result = await Until.DoneAsync(call);

        Assert.NotNull(result.Response);
        result.Response.Outputs[0].Data.Release();
        Assert.Equal(0, inference.Pool.Leased);
    }

    [Fact]
    public async Task Router_whose_caller_released_too_early_still_reads_its_own_bytes()
    {
        var inference = new GatedInference();
        await using var cell = await TestCell.StartAsync(inference);
        var request = Sample.Request(pool, 7);

        var call = cell.Service<IInferenceService>().InferAsync(request, default).AsTask();
        await Until.TrueAsync(() => inference.Entered == 1, "the call is in the router");
        request.Inputs[0].Data.Release();
        inference.Open();
        var result = await Until.DoneAsync(call);

        Assert.Equal([8], result.Response!.Outputs[0].Data.Memory.ToArray());
        await Until.TrueAsync(() => pool.Leased == 0, "the router gave its hold back");
    }

    [Fact]
    public async Task Router_while_storage_hangs_answers()
    {
        var storage = new StorageThatHangs();
        await using var cell = await TestCell.StartAsync(storage: storage);

        var result = await Until.DoneAsync(cell.Service<IInferenceService>().InferAsync(Sample.Request(pool, 1, 2, 3, 4), default).AsTask());
        storage.Fail();

        Assert.Equal([2, 3, 4, 5], result.Response!.Outputs[0].Data.Memory.ToArray());
    }

    [Fact]
    public async Task Router_with_the_request_loop_runs_the_engine_of_the_silo_that_was_called()
    {
        await using var cell = await TestCell.StartAsync(silos: 2);

        var first = await cell.Service<IInferenceService>(0).InferAsync(Sample.Request(pool, 1, 2, 3, 4), default);
        var second = await cell.Service<IInferenceService>(1).InferAsync(Sample.Request(pool, 1, 2, 3, 4), default);

        Assert.Null(first.Failure);
        Assert.Equal([2, 3, 4, 5], first.Response!.Outputs[0].Data.Memory.ToArray());
        Assert.Equal((cell.Nodes[0], cell.Nodes[1]), (first.Response.Provenance.Node, second.Response!.Provenance.Node));
        Assert.Equal((1, 1), (cell.Engine(0).Runs, cell.Engine(1).Runs));
    }

    [Fact]
    public async Task Router_asked_to_explain_answers_a_plan_without_running()
    {
        await using var cell = await TestCell.StartAsync();
        var request = new ExplainRequest(Sample.Version.Model, null, RouteParameters.None, Caller.Anonymous, 4, new Dictionary<string, double>(), RouteParameters.NoTags);

        var within = await cell.Service<IInferenceService>().ExplainAsync(request, default);
        var outside = await cell.Client.GetRouter(Sample.Cell).ExplainAsync(request, default);

        Assert.Null(within.Failure);
        Assert.Contains("\"plan_version\"", outside.PlanJson, StringComparison.Ordinal);
        Assert.Equal(0, cell.Engine().Runs);
    }
}
