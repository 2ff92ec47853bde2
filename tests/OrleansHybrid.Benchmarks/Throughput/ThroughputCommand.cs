using System.Globalization;

namespace OrleansHybrid.Benchmarks.Throughput;

/// <summary>
/// <c>throughput [--models DIR] [--rounds 5] [--seconds 5] [--connections 16] [--write FILE]</c>: the plain server and one cell, driven in turn with wrk.
/// Both stay up; each round drives every case on both, the order changing from round to round, so that the machine's mood falls on both alike.
/// </summary>
internal static class ThroughputCommand
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        var options = ThroughputOptions.Parse(arguments);
        await using var plain = await ServerProcess.StartAsync(
            Environment.ProcessPath!, ports => ["plain-server", options.Models, $"http://127.0.0.1:{ports[0]}"], TimeSpan.FromSeconds(30));
        using var data = new TemporaryFolder();
        await using var cell = await ServerProcess.StartAsync(
            options.Silo,
            ports => ["--cell", "central", "--models", options.Models, "--data", data.Path, "--http", $"127.0.0.1:{ports[0]}", "--grpc", $"127.0.0.1:{ports[1]}",
                "--silo-port", $"{ports[2]}", "--gateway-port", $"{ports[3]}"],
            TimeSpan.FromSeconds(60));

        var samples = new List<(BenchmarkCase Case, string Server, Wrk.Figures Figures)>();
        for (var round = 0; round <= options.Rounds; round++)
        {
            foreach (var benchmark in BenchmarkCase.All)
            {
                (string Name, string Url)[] servers = [("plain", plain.Url), ("cell", cell.Url)];
                foreach (var server in round % 2 == 0 ? servers : servers.Reverse())
                {
                    var figures = await Wrk.RunAsync(benchmark, server.Url, options.Connections, options.Seconds);
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(round == 0 ? "warm-up" : $"round {round}")}  {benchmark.Name,-18} {server.Name,-6} {figures.RequestsPerSecond,9:F0}/s  p50 {figures.P50Ms:F2} ms  p99 {figures.P99Ms:F2} ms  errors {figures.Errors}"));
                    if (round > 0) samples.Add((benchmark, server.Name, figures));
                }
            }
        }

        var report = ThroughputReport.Write(samples, options);
        Console.WriteLine(report);
        if (options.WriteTo is { } file) await File.WriteAllTextAsync(file, report);
        return samples.Any(s => s.Figures.Errors > 0) ? 1 : 0;
    }

    private sealed class TemporaryFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("cell").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
