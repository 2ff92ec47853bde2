using System.Globalization;
using System.Text;

namespace OrleansHybrid.Benchmarks.Throughput;

/// <summary>The table that is committed: medians of the rounds, and the ratio in which alone we trust on a noisy machine.</summary>
internal static class ThroughputReport
{
    public static string Write(IReadOnlyList<(BenchmarkCase Case, string Server, Wrk.Figures Figures)> samples, ThroughputOptions options)
    {
        var text = new StringBuilder();
        text.AppendLine("| case | plain server, req/s | cell, req/s | ratio (median of rounds) | ratios of the rounds | promised | plain p99 ms | cell p99 ms |");
        text.AppendLine("|---|---|---|---|---|---|---|---|");
        foreach (var benchmark in BenchmarkCase.All)
        {
            var plain = Of("plain");
            var cell = Of("cell");
            var ratios = cell.Zip(plain, (c, p) => c.RequestsPerSecond / p.RequestsPerSecond).ToList();
            text.AppendLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {benchmark.Name} | {Median(plain.Select(f => f.RequestsPerSecond)):F0} | {Median(cell.Select(f => f.RequestsPerSecond)):F0} | **{Median(ratios):F2}** | {string.Join(", ", ratios.Select(r => r.ToString("F2", CultureInfo.InvariantCulture)))} | ≥ {benchmark.Target:F2} | {Median(plain.Select(f => f.P99Ms)):F2} | {Median(cell.Select(f => f.P99Ms)):F2} |"));

            List<Wrk.Figures> Of(string server) => samples.Where(s => s.Case == benchmark && s.Server == server).Select(s => s.Figures).ToList();
        }

        text.AppendLine();
        text.AppendLine(string.Create(CultureInfo.InvariantCulture, $"{options.Rounds} rounds of {options.Seconds} s each, {options.Connections} connections, {Environment.ProcessorCount} cores shared with wrk, {Environment.Version} on {System.Runtime.InteropServices.RuntimeInformation.OSDescription}."));
        return text.ToString();
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0 ? double.NaN : sorted[sorted.Count / 2];
    }
}
