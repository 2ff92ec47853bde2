using System.Globalization;
using OrleansHybrid.EndToEnd.Tests.Harness;
using OrleansHybrid.FleetSimulator.Plan;
using OrleansHybrid.FleetSimulator.Run;
using StackExchange.Redis;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Simulation;

/// <summary>What nodes cost that change nothing, and what a change of desired state costs: as much with few as with many.</summary>
public sealed class FleetCountTests
{
    private const int Few = 50, Many = 250;

    /// <summary>What background work may put into one window and not into the other; one command for each node more would be two hundred.</summary>
    private const int Same = 30, SameActivations = 10;

    [SkippableFact]
    public async Task Idle_check_ins_and_a_change_of_desired_state_cost_the_store_and_the_grains_the_same_with_50_and_with_250_nodes()
    {
        Skip.If(RedisServer.Program is null, "redis-server is not installed.");
        await using var redis = await RedisServer.StartAsync();
        await using var store = await StoreCounter.ConnectAsync(redis.Port);
        await using var cell = await SimulatorCell.StartAsync(redis.Address);
        await cell.PublishAsync(1);
        await using var few = await EnrolAsync(cell, "few", Few);
        var small = await MeasureAsync(cell, store, [few], 1);
        await using var more = await EnrolAsync(cell, "more", Many - Few);

        var large = await MeasureAsync(cell, store, [few, more], 2);

        AssertSame(small.Idle, large.Idle, "idle");
        AssertSame(small.Change, large.Change, "change");
        Assert.All(few.Nodes.Concat(more.Nodes), n => Assert.Equal(0, n.Tally.FailedCheckIns));
    }

    /// <summary>Nodes that serve <paramref name="version"/>: while nothing changes, and from the publication of the next until all know of it. Then they take it.</summary>
    private static async Task<(Counts Idle, Counts Change)> MeasureAsync(SimulatorCell cell, StoreCounter store, SimulatedFleet[] fleets, int version)
    {
        SimulatedNode[] nodes = [.. fleets.SelectMany(f => f.Nodes)];
        await Wait.Until(() => nodes.All(n => n.Serves(Clips.Model, version)), $"every node to serve version {version}");
        await CheckInsAsync(nodes, 3);
        var start = await TakeAsync(cell, store);
        await CheckInsAsync(nodes, 3);
        var idle = await TakeAsync(cell, store);

        foreach (var fleet in fleets) fleet.Transfers.Shut();
        var revision = await cell.PublishAsync(version + 1);
        await Wait.Until(() => nodes.All(n => n.ToldRevision >= revision), "every node to know the new documents");
        var changed = await TakeAsync(cell, store);
        foreach (var fleet in fleets) fleet.Transfers.Open();
        await Wait.Until(() => nodes.All(n => n.Serves(Clips.Model, version + 1)), $"every node to serve version {version + 1}");
        return (idle - start, changed - idle);
    }

    private static async Task CheckInsAsync(SimulatedNode[] nodes, int more)
    {
        long[] before = [.. nodes.Select(n => n.Tally.CheckIns)];
        await Wait.Until(() => nodes.Select((n, i) => n.Tally.CheckIns >= before[i] + more).All(done => done), $"{more} check-ins more of every node");
    }

    private static async Task<SimulatedFleet> EnrolAsync(SimulatorCell cell, string prefix, int nodes)
    {
        var fleet = await cell.EnrolAsync(FleetPlanner.Of(new FleetScenario { Nodes = nodes, NamePrefix = prefix, PerfectLinks = true, ReadingsMove = false, Kinds = new Dictionary<string, int> { ["kiosk"] = 1, ["phone"] = 1 } }));
        fleet.Start();
        return fleet;
    }

    private static async Task<Counts> TakeAsync(SimulatorCell cell, StoreCounter store) => new(await store.CommandsAsync(), await cell.ActivationsAsync());

    private static void AssertSame(Counts few, Counts many, string window)
    {
        Assert.True(Math.Abs(many.Commands - few.Commands) <= Same, $"{window}: {few} with {Few} nodes, {many} with {Many}.");
        Assert.True(Math.Abs(many.Activations - few.Activations) <= SameActivations, $"{window}: {few} with {Few} nodes, {many} with {Many}.");
    }

    private sealed record Counts(long Commands, long Activations)
    {
        public static Counts operator -(Counts after, Counts before) => new(after.Commands - before.Commands, after.Activations - before.Activations);
    }

    /// <summary>Asks a redis-server how many commands it ran, this question left out.</summary>
    private sealed class StoreCounter(ConnectionMultiplexer client) : IAsyncDisposable
    {
        private static readonly string[] Housekeeping = ["info", "ping", "client", "config", "cluster", "echo", "hello", "auth", "select", "command", "sentinel"];

        public static async Task<StoreCounter> ConnectAsync(int port) => new(await ConnectionMultiplexer.ConnectAsync(FormattableString.Invariant($"127.0.0.1:{port},allowAdmin=true")));

        public async Task<long> CommandsAsync()
        {
            var sections = await client.GetServer(client.GetEndPoints()[0]).InfoAsync("commandstats");
            return sections.SelectMany(s => s).Where(p => !Housekeeping.Contains(p.Key["cmdstat_".Length..].Split('|')[0])).Sum(p => long.Parse(p.Value.Split(',')[0]["calls=".Length..], CultureInfo.InvariantCulture));
        }

        public ValueTask DisposeAsync() => client.DisposeAsync();
    }
}
