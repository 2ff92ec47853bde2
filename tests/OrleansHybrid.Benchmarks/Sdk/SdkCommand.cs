using BenchmarkDotNet.Running;

namespace OrleansHybrid.Benchmarks.Sdk;

/// <summary><c>sdk [BenchmarkDotNet's own arguments]</c>: what the device SDK costs over a bare session.</summary>
internal static class SdkCommand
{
    /// <summary>The sample repository of the checkout that this was built from.</summary>
    public static string Models { get; } = Find(AppContext.BaseDirectory);

    public static int Run(string[] args)
    {
        var summaries = BenchmarkSwitcher.FromTypes([typeof(SdkBenchmark)]).Run(["--filter", "*", .. args]);
        return summaries.Any(s => s.HasCriticalValidationErrors || s.Reports.Any(r => !r.Success)) ? 1 : 0;
    }

    private static string Find(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            if (Directory.Exists(Path.Combine(folder.FullName, "models", "keyword"))) return Path.Combine(folder.FullName, "models");
        }

        throw new InvalidOperationException($"No models/keyword above {start}. Run it from a build of the checkout.");
    }
}
