using System.Diagnostics;
using Grpc.Net.Client;
using OrleansHybrid.Benchmarks.Fleet.Protocol;
using OrleansHybrid.FleetSimulator.Run;

namespace OrleansHybrid.Benchmarks.Fleet;

/// <param name="ServerMicros">Processor time of the server for one call.</param>
/// <param name="CallerMicros">And of this process.</param>
internal sealed record CallFigures(double PerSecond, double ServerMicros, double CallerMicros);

/// <summary>Calls a second with so many in flight, over the same number of connections for both.</summary>
internal static class CallRate
{
    /// <summary>Each caller goes through nodes of its own, as fast as they are answered.</summary>
    public static Task<CallFigures> CheckInsAsync(IReadOnlyList<SimulatedNode> nodes, int inFlight, TimeSpan time, Func<TimeSpan> server) => MeasureAsync(inFlight, time, server, caller =>
    {
        var next = caller;
        return stop =>
        {
            var node = nodes[next];
            next = next + inFlight < nodes.Count ? next + inFlight : caller;
            return node.CheckInAsync(stop);
        };
    });

    public static Task<CallFigures> EchoesAsync(IReadOnlyList<GrpcChannel> channels, int inFlight, TimeSpan time, Func<TimeSpan> server)
    {
        Echo.EchoClient[] clients = [.. channels.Select(c => new Echo.EchoClient(c))];
        var nothing = new Nothing();
        return MeasureAsync(inFlight, time, server, caller => async stop => await clients[caller % clients.Length].SayAsync(nothing, cancellationToken: stop));
    }

    private static async Task<CallFigures> MeasureAsync(int inFlight, TimeSpan time, Func<TimeSpan> server, Func<int, Func<CancellationToken, Task>> callerOf)
    {
        var calls = new long[inFlight];
        var (there, here) = (server(), Environment.CpuUsage.TotalTime);
        var began = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, inFlight).Select(caller => Task.Run(async () =>
        {
            var call = callerOf(caller);
            for (; began.Elapsed < time; calls[caller]++) await call(CancellationToken.None);
        })));
        var all = (double)calls.Sum();
        return new CallFigures(all / began.Elapsed.TotalSeconds, (server() - there).TotalMicroseconds / all, (Environment.CpuUsage.TotalTime - here).TotalMicroseconds / all);
    }
}
