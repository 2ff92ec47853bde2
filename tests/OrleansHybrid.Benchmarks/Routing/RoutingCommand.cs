using BenchmarkDotNet.Running;
using OrleansHybrid.Benchmarks.Ledger;

namespace OrleansHybrid.Benchmarks.Routing;

/// <summary><c>routing [BenchmarkDotNet's own arguments]</c>: how long a routing decision takes, and judging the key of its caller.</summary>
internal static class RoutingCommand
{
    public static int Run(string[] args)
    {
        // Without a filter the switcher asks on the console and waits.
        string[] all = args.Contains("--filter") ? args : [.. args, "--filter", "*"];
        var summaries = BenchmarkSwitcher.FromTypes([typeof(RoutePlannerBenchmark), typeof(DecisionRecordBenchmark), typeof(ApiKeyBenchmark)]).Run(all);
        return summaries.Any(s => s.HasCriticalValidationErrors || s.Reports.Any(r => !r.Success)) ? 1 : 0;
    }
}
