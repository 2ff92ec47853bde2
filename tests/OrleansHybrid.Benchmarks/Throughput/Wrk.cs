using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace OrleansHybrid.Benchmarks.Throughput;

/// <summary>Drives one case with wrk, closed loop, and reads its figures.</summary>
internal static partial class Wrk
{
    public sealed record Figures(double RequestsPerSecond, double P50Ms, double P99Ms, long Errors);

    public static async Task<Figures> RunAsync(BenchmarkCase benchmark, string url, int connections, int seconds)
    {
        var folder = Directory.CreateTempSubdirectory("wrk");
        try
        {
            var body = Path.Combine(folder.FullName, "body");
            var script = Path.Combine(folder.FullName, "case.lua");
            await File.WriteAllBytesAsync(body, benchmark.Body);
            await File.WriteAllTextAsync(script, Script(body, benchmark.HeaderLength));
            var start = new ProcessStartInfo("wrk", ["-t1", $"-c{connections}", $"-d{seconds}s", "--timeout", "10s", "--latency", "-s", script, $"{url}/v2/models/{benchmark.Model}/infer"])
            {
                RedirectStandardOutput = true,
            };
            using var process = Process.Start(start) ?? throw new InvalidOperationException("wrk did not start; install it, for example with apt-get install wrk");
            var text = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return Parse(text);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Script(string body, int? headerLength) =>
        $"""
        wrk.method = "POST"
        local f = io.open("{body}", "rb")
        wrk.body = f:read("*a")
        f:close()
        wrk.headers["Content-Type"] = "{(headerLength is null ? "application/json" : "application/octet-stream")}"
        {(headerLength is null ? "" : $"wrk.headers[\"Inference-Header-Content-Length\"] = \"{headerLength}\"")}
        """;

    private static Figures Parse(string text)
    {
        var rate = Rate().Match(text);
        if (!rate.Success) throw new InvalidOperationException("wrk printed no rate:\n" + text);
        var bad = BadStatus().Match(text);
        var sockets = SocketErrors().Match(text);
        var errors = (bad.Success ? long.Parse(bad.Groups[1].Value, CultureInfo.InvariantCulture) : 0)
            + (sockets.Success ? Enumerable.Range(1, 4).Sum(i => long.Parse(sockets.Groups[i].Value, CultureInfo.InvariantCulture)) : 0);
        return new(double.Parse(rate.Groups[1].Value, CultureInfo.InvariantCulture), Percentile(text, "50"), Percentile(text, "99"), errors);
    }

    private static double Percentile(string text, string which)
    {
        var match = Regex.Match(text, $@"^\s+{which}%\s+([\d.]+)(us|ms|s)", RegexOptions.Multiline);
        if (!match.Success) return double.NaN;
        var value = double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
        return match.Groups[2].Value switch { "us" => value / 1000, "s" => value * 1000, _ => value };
    }

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex Rate();

    [GeneratedRegex(@"Non-2xx or 3xx responses: (\d+)")]
    private static partial Regex BadStatus();

    [GeneratedRegex(@"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)")]
    private static partial Regex SocketErrors();
}
