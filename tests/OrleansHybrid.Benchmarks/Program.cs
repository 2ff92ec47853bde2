using OrleansHybrid.Benchmarks.Routing;

return args switch
{
    ["routing", .. var rest] => RoutingCommand.Run(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: routing [BenchmarkDotNet's arguments]");
    return 2;
}
