using System.Diagnostics;
using Grpc.Net.Client;
using OrleansHybrid.Benchmarks.Fleet.Protocol;
using OrleansHybrid.FleetSimulator.Run;

namespace OrleansHybrid.Benchmarks.Fleet;

/// <summary>Calls a second with so many in flight, over the same number of connections for both.</summary>
internal static class CallRate
{
    /// <summary>Each caller goes through nodes of its own, as fast as they are answered.</summary>
    public static Task<double> CheckInsAsync(IReadOnlyList<SimulatedNode> nodes, int inFlight, TimeSpan time) => MeasureAsync(inFlight, time, caller =>
    {
        var next = caller;
        return stop =>
        {
            var node = nodes[next];
            next = next + inFlight < nodes.Count ? next + inFlight : caller;
            return node.CheckInAsync(stop);
        };
    });

    public static Task<double> EchoesAsync(IReadOnlyList<GrpcChannel> channels, int inFlight, TimeSpan time)
    {
        Echo.EchoClient[] clients = [.. channels.Select(c => new Echo.EchoClient(c))];
        var nothing = new Nothing();
        return MeasureAsync(inFlight, time, caller => async stop => await clients[caller % clients.Length].SayAsync(nothing, cancellationToken: stop));
    }

    private static async Task<double> MeasureAsync(int inFlight, TimeSpan time, Func<int, Func<CancellationToken, Task>> callerOf)
    {
        var calls = new long[inFlight];
        var began = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, inFlight).Select(caller => Task.Run(async () =>
        {
            var call = callerOf(caller);
            for (; began.Elapsed < time; calls[caller]++) await call(CancellationToken.None);
        })));
        return calls.Sum() / began.Elapsed.TotalSeconds;
    }
}
