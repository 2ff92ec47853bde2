using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace OrleansHybrid.Benchmarks.Memory;

/// <summary>Draws each part's curve and figures from the CSV files of a folder.</summary>
internal sealed class MemoryReport(string folder)
{
    private const int Rows = 12, Columns = 100;
    private readonly StringBuilder text = new();

    /// <summary>What the folder's CSV files hold.</summary>
    public static void Write(string folder)
    {
        var report = new MemoryReport(folder);
        foreach (var part in MemoryParts.All) report.Add(part);
        report.text.AppendLine(CultureInfo.InvariantCulture, $".NET {Environment.Version} on {RuntimeInformation.OSDescription}, {Environment.ProcessorCount} cores.");
        File.WriteAllText(Path.Combine(folder, "memory-curves.md"), report.text.ToString());
        Console.WriteLine(report.text);
    }

    public static string FileOf(string folder, string part) => Path.Combine(folder, $"memory-{part}.csv");

    private void Add(string part)
    {
        if (!File.Exists(FileOf(folder, part))) return;
        MemorySample[] samples = [.. File.ReadLines(FileOf(folder, part)).Skip(1).Select(MemorySample.Parse)];
        text.AppendLine(CultureInfo.InvariantCulture, $"### {part}, {samples[^2].Cycle} cycles").AppendLine().AppendLine("```").Append(Curve(samples)).AppendLine("```").AppendLine();
        Table(samples);
    }

    /// <summary>A row for every tenth of the run, and what the second half rose by for each hundred cycles.</summary>
    private void Table(IReadOnlyList<MemorySample> samples)
    {
        text.AppendLine("| cycle | resident MiB | anonymous | file-backed | managed, committed | managed, now | native, in use | native, free |").AppendLine("|---|---|---|---|---|---|---|---|");
        var step = Math.Max(1, (samples.Count - 1) / 10);
        for (var i = 0; i < samples.Count - 1; i += step) Row(samples[i], samples[i].Cycle.ToString(CultureInfo.InvariantCulture));
        Row(samples[^1], "after a full collection");
        var half = samples.Skip(samples.Count / 2).SkipLast(1).ToArray();
        text.AppendLine().AppendLine(CultureInfo.InvariantCulture,
            $"Slope of the second half, MiB each 100 cycles: resident {Slope(half, s => s.Resident):0.00}, managed {Slope(half, s => s.ManagedNow):0.00}, native in use {Slope(half, s => s.NativeInUse):0.00}; resident lowest {Mib(half.Min(s => s.Resident))}, highest {Mib(half.Max(s => s.Resident))} MiB.").AppendLine();
    }

    private void Row(MemorySample s, string when) =>
        text.AppendLine(CultureInfo.InvariantCulture, $"| {when} | {Mib(s.Resident)} | {Mib(s.Anonymous)} | {Mib(s.Resident - s.Anonymous)} | {Mib(s.Managed)} | {Mib(s.ManagedNow)} | {Mib(s.NativeInUse)} | {Mib(s.NativeFree)} |");

    private static string Mib(long bytes) => (bytes / 1048576.0).ToString("0.0", CultureInfo.InvariantCulture);

    /// <summary>Least squares.</summary>
    private static double Slope(MemorySample[] samples, Func<MemorySample, long> figure)
    {
        if (samples.Length < 2) return 0;
        double x = samples.Average(s => s.Cycle), y = samples.Average(s => (double)figure(s));
        return samples.Sum(s => (s.Cycle - x) * (figure(s) - y)) / samples.Sum(s => (s.Cycle - x) * (s.Cycle - x)) * 100 / 1048576;
    }

    /// <summary>Resident memory over cycles, from zero: a mark where it was, a column for each tenth sample or so.</summary>
    private static string Curve(IReadOnlyList<MemorySample> samples)
    {
        var top = samples.Max(s => s.Resident);
        var width = Math.Min(Columns, samples.Count);
        var lines = new StringBuilder();
        for (var row = Rows; row > 0; row--)
        {
            var line = new string([.. Enumerable.Range(0, width).Select(c => (int)Math.Ceiling((double)Rows * At(samples, c, width).Resident / top) == row ? '*' : ' ')]);
            lines.AppendLine(CultureInfo.InvariantCulture, $"{top * row / Rows / 1048576.0,7:0} MiB |{line.TrimEnd()}");
        }

        return lines.Append("            +").AppendLine(new string('-', width)).AppendLine(CultureInfo.InvariantCulture, $"             0{samples[^1].Cycle.ToString(CultureInfo.InvariantCulture).PadLeft(width - 1)} cycles").ToString();
    }

    private static MemorySample At(IReadOnlyList<MemorySample> samples, int column, int width) => samples[(int)((long)column * (samples.Count - 1) / Math.Max(1, width - 1))];
}
