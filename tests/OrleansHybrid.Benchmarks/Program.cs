using System.Globalization;
using OrleansHybrid.Benchmarks.Fleet;
using OrleansHybrid.Benchmarks.Memory;
using OrleansHybrid.Benchmarks.Publish;
using OrleansHybrid.Benchmarks.Routing;
using OrleansHybrid.Benchmarks.Sdk;
using OrleansHybrid.Benchmarks.Throughput;

return args switch
{
    ["routing", .. var rest] => RoutingCommand.Run(rest),
    ["sdk", .. var rest] => SdkCommand.Run(rest),
    ["throughput", .. var rest] => await ThroughputCommand.RunAsync(rest),
    ["memory", .. var rest] => await MemoryCommand.RunAsync(rest),
    ["fleet", .. var rest] => await FleetCommand.RunAsync(rest),
    ["publish", .. var rest] => await PublishCommand.RunAsync(rest),
    ["echo-server", var http, var grpc] => await Echo(http, grpc),
    ["plain-server", var models, var url] => await Serve(models, url),
    _ => Usage(),
};

static async Task<int> Serve(string models, string url)
{
    await PlainServer.RunAsync(models, url);
    return 0;
}

static async Task<int> Echo(string http, string grpc)
{
    await EchoServer.RunAsync(int.Parse(http, CultureInfo.InvariantCulture), int.Parse(grpc, CultureInfo.InvariantCulture));
    return 0;
}

static int Usage()
{
    Console.Error.WriteLine("usage: routing [BenchmarkDotNet's arguments]");
    Console.Error.WriteLine("       sdk [BenchmarkDotNet's arguments]");
    Console.Error.WriteLine("       throughput [--models DIR] [--silo FILE] [--rounds N] [--seconds N] [--connections N] [--write FILE]");
    Console.Error.WriteLine("       memory --write FOLDER [--cycles N] [--part engine|bare|bare-trimmed]");
    Console.Error.WriteLine("       " + FleetOptions.Usage);
    Console.Error.WriteLine("       " + PublishCommand.Usage);
    Console.Error.WriteLine("       plain-server MODELS URL");
    return 2;
}
