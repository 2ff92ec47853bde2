using OrleansHybrid.Benchmarks.Routing;
using OrleansHybrid.Benchmarks.Throughput;

return args switch
{
    ["routing", .. var rest] => RoutingCommand.Run(rest),
    ["throughput", .. var rest] => await ThroughputCommand.RunAsync(rest),
    ["plain-server", var models, var url] => await Serve(models, url),
    _ => Usage(),
};

static async Task<int> Serve(string models, string url)
{
    await PlainServer.RunAsync(models, url);
    return 0;
}

static int Usage()
{
    Console.Error.WriteLine("usage: routing [BenchmarkDotNet's arguments] | throughput [--models DIR] [--rounds N] [--seconds N] [--connections N] [--write FILE] | plain-server MODELS URL");
    return 2;
}
