using System.Globalization;
using Grpc.Net.Client;
using OrleansHybrid.Benchmarks.Throughput;
using OrleansHybrid.FleetSimulator.Answers;
using OrleansHybrid.FleetSimulator.Plan;
using OrleansHybrid.FleetSimulator.Run;

namespace OrleansHybrid.Benchmarks.Fleet;

/// <summary>One cell process with simulated nodes: check-ins at full speed against an empty gRPC echo, the store's commands and the activations around a change, and resident memory.</summary>
internal static class FleetCommand
{
    private const string Model = "keyword";

    /// <summary>Rounds until both servers' code is compiled for good.</summary>
    private const int WarmUps = 10;
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(10), Step = TimeSpan.FromSeconds(5), LearnMax = TimeSpan.FromMinutes(8);

    public static async Task<int> RunAsync(string[] arguments)
    {
        ThreadPool.SetMinThreads(32, 32);
        var options = FleetOptions.Parse(arguments);
        var report = new FleetReport(options);
        foreach (var nodes in options.Nodes)
        {
            if (options.Parts.Contains("rate")) report.Add(await RateAsync(options, nodes));
            if (options.Parts.Contains("counts")) report.Add(await CountAsync(options, nodes));
            if (options.Parts.Contains("memory")) report.Add(nodes, await WatchAsync(options, nodes));
        }

        report.Finish();
        return report.IsHeld ? 0 : 1;
    }

    /// <summary>Whole reports first, unmeasured; then rounds of check-ins and echoes in turn.</summary>
    private static async Task<RateFigures> RateAsync(FleetOptions options, int nodes)
    {
        await using var echo = await ServerProcess.StartAsync(Environment.ProcessPath!, ports => ["echo-server", $"{ports[0]}", $"{ports[1]}"], TimeSpan.FromSeconds(30));
        await using var cell = await CellUnderTest.StartAsync(options);
        await cell.PublishAsync(1);
        await using var fleet = await EnrolAsync(cell, options, nodes);
        await Parallel.ForEachAsync(fleet.Nodes, new ParallelOptions { MaxDegreeOfParallelism = options.InFlight }, async (n, stop) => await n.CheckInAsync(stop));
        GrpcChannel[] channels = [.. Enumerable.Range(0, options.Channels).Select(_ => GrpcChannel.ForAddress(echo.SecondUrl))];
        var rounds = new List<(CallFigures Echo, CallFigures CheckIn)>();
        for (var round = 1 - WarmUps; round <= options.Rounds; round++)
        {
            var echoes = await CallRate.EchoesAsync(channels, options.InFlight, options.Round, () => echo.ProcessorTime);
            var checkIns = await CallRate.CheckInsAsync(fleet.Nodes, options.InFlight, options.Round, () => cell.ProcessorTime);
            Say($"{nodes} nodes, {(round < 1 ? "warm-up" : $"round {round}")}: echo {echoes.PerSecond:F0}/s, {echoes.ServerMicros:F0} and {echoes.CallerMicros:F0} µs; check-ins {checkIns.PerSecond:F0}/s, {checkIns.ServerMicros:F0} and {checkIns.CallerMicros:F0} µs; ratio {checkIns.PerSecond / echoes.PerSecond:F2}");
            if (round > 0) rounds.Add((echoes, checkIns));
        }

        foreach (var channel in channels) channel.Dispose();
        return new RateFigures(nodes, rounds, fleet.Nodes.Sum(n => n.Tally.FailedCheckIns));
    }

    private static async Task<CountFigures> CountAsync(FleetOptions options, int nodes)
    {
        await using var store = await CountedStore.StartAsync();
        await using var cell = await CellUnderTest.StartAsync(options, store.Address);
        await cell.PublishAsync(1);
        await Task.Delay(Settle);
        async Task<Counted> TakeAsync() => new(await store.CountsAsync(), await cell.ActivationsAsync());
        async Task<CountedWindow> WindowAsync(Func<Task> change)
        {
            var before = await TakeAsync();
            var end = Task.Delay(options.Window);
            await change();
            await end;
            return CountedWindow.Of(before, await TakeAsync(), options.Window);
        }

        var empty = await WindowAsync(() => Task.CompletedTask);
        await using var fleet = await EnrolAsync(cell, options, nodes);
        fleet.Start();
        await UntilAsync(() => fleet.Nodes.All(n => n.Serves(Model, 1)), "every node to serve version 1");
        await Task.Delay(options.Window);
        var idle = await WindowAsync(() => Task.CompletedTask);

        fleet.Transfers.Shut();
        var learnt = TimeSpan.Zero;
        var change = await WindowAsync(async () =>
        {
            var began = TimeProvider.System.GetTimestamp();
            await cell.PublishAsync(2);
            var revision = await cell.Desk.RevisionAsync();
            await UntilAsync(() => fleet.Nodes.All(n => n.ToldRevision >= revision), "every node to learn the new documents");
            learnt = TimeProvider.System.GetElapsedTime(began);
        });
        var (beforeOpen, opened) = (await TakeAsync(), TimeProvider.System.GetTimestamp());
        fleet.Transfers.Open();
        await UntilAsync(() => fleet.Nodes.All(n => n.Serves(Model, 2)), "every node to serve version 2");
        await Task.Delay(options.Window);
        var served = CountedWindow.Of(beforeOpen, await TakeAsync(), TimeProvider.System.GetElapsedTime(opened));
        Say($"{nodes} nodes: empty {empty}, idle {idle}, change {change} (learnt in {learnt.TotalSeconds:F1} s), served {served}");
        return new CountFigures(nodes, empty, idle, change, learnt, served, fleet.Nodes.Sum(n => n.Tally.FailedCheckIns));
    }

    private static async Task<IReadOnlyList<MemoryPoint>> WatchAsync(FleetOptions options, int nodes)
    {
        await using var cell = await CellUnderTest.StartAsync(options);
        await cell.PublishAsync(1);
        await Task.Delay(Settle);
        var points = new List<MemoryPoint> { new(TimeSpan.Zero, cell.ResidentKib()) };
        await using var fleet = await EnrolAsync(cell, options, nodes);
        fleet.Start();
        await UntilAsync(() => fleet.Nodes.All(n => n.Serves(Model, 1)), "every node to serve version 1");
        var began = TimeProvider.System.GetTimestamp();
        for (var elapsed = TimeSpan.Zero; elapsed < options.Curve; elapsed = TimeProvider.System.GetElapsedTime(began))
        {
            points.Add(new MemoryPoint(elapsed, cell.ResidentKib()));
            await Task.Delay(Step);
        }

        Say($"{nodes} nodes: resident {points[0].ResidentKib} KiB without, {points[^1].ResidentKib} KiB with, {fleet.Nodes.Sum(n => n.Tally.CheckIns)} check-ins, {fleet.Nodes.Sum(n => n.Tally.FailedCheckIns)} failed");
        return points;
    }

    /// <summary>Nodes on mains behind perfect links that can all hold the model: what is measured is the cell.</summary>
    private static async Task<SimulatedFleet> EnrolAsync(CellUnderTest cell, FleetOptions options, int nodes)
    {
        var scenario = new FleetScenario { Seed = 1, Nodes = nodes, PerfectLinks = true, ReadingsMove = false, Kinds = new Dictionary<string, int> { ["kiosk"] = 4, ["gateway-box"] = 2, ["phone"] = 3, ["gpu-box"] = 1 } };
        var tokens = await cell.Desk.TokensAsync(nodes);
        var began = TimeProvider.System.GetTimestamp();
        var fleet = await SimulatedFleet.EnrolAsync(FleetPlanner.Of(scenario), new Dictionary<string, FleetCell> { ["central"] = new(cell.Grpc, tokens) }, AnswerRecording.Empty, TimeProvider.System, CancellationToken.None, options.Channels);
        Say($"{nodes} nodes enrolled in {TimeProvider.System.GetElapsedTime(began).TotalSeconds:F1} s");
        return fleet;
    }

    private static async Task UntilAsync(Func<bool> condition, string what)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            if (TimeProvider.System.GetElapsedTime(began) > LearnMax) throw new TimeoutException($"Waited {LearnMax} in vain for {what}.");
            await Task.Delay(100);
        }
    }

    private static void Say(FormattableString line) => Console.Error.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
