using System.Globalization;

namespace OrleansHybrid.Benchmarks.Publish;

/// <summary><c>publish [--runs N] [--programs FOLDER] [--write FOLDER]</c>: from the start of <c>hybrid push</c> until a central cell, two regions and two boxes all serve the version, each run with the next version.</summary>
internal static class PublishCommand
{
    public const string Usage = "publish [--runs 10] [--programs FOLDER] [--write FOLDER]";

    public static async Task<int> RunAsync(string[] arguments)
    {
        var runs = int.Parse(Value(arguments, "--runs") ?? "10", CultureInfo.InvariantCulture);
        await using var farm = await PublishFarm.StartAsync(Value(arguments, "--programs"));
        var lines = new List<string> { "run,load_at_start,command_s," + string.Join(',', farm.Places.Select(p => p.Name + "_s")) + ",everywhere_s" };
        var everywhere = new List<double>();
        for (var run = 1; run <= runs; run++)
        {
            var load = (await File.ReadAllTextAsync("/proc/loadavg")).Split(' ')[0];
            var (command, served) = await farm.PushAsync(run);
            everywhere.Add(served.Max());
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{run},{load},{command:F2},{string.Join(',', served.Select(s => s.ToString("F2", CultureInfo.InvariantCulture)))},{served.Max():F2}"));
            Console.WriteLine(lines[^1]);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"everywhere: median {Median(everywhere):F2} s, most {everywhere.Max():F2} s, {runs} runs"));
        if (Value(arguments, "--write") is { } folder) await File.WriteAllLinesAsync(Path.Combine(folder, "publish.csv"), lines);
        return everywhere.Max() <= 10 ? 0 : 1;
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static string? Value(string[] arguments, string name) => Array.IndexOf(arguments, name) is >= 0 and var at && at + 1 < arguments.Length ? arguments[at + 1] : null;
}
