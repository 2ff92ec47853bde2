using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace OrleansHybrid.Benchmarks.Fleet;

/// <summary>The tables and the curve of the page.</summary>
internal sealed class FleetReport(FleetOptions options)
{
    private const double RatioMin = 0.5;

    /// <summary>What windows of one length may differ by and count as the same: background work every few seconds falls in or out.</summary>
    private const double SameWithin = 20;

    private readonly List<RateFigures> rates = [];
    private readonly List<CountFigures> counts = [];
    private readonly List<(int Nodes, IReadOnlyList<MemoryPoint> Points)> memory = [];

    public bool IsHeld => rates.All(r => r.Ratio >= RatioMin) && Same(c => c.Idle.Total) && Same(c => c.Change.Total) && Same(c => c.Idle.Activations) && Same(c => c.Change.Activations);

    public void Add(RateFigures rate) => rates.Add(rate);

    public void Add(CountFigures count) => counts.Add(count);

    public void Add(int nodes, IReadOnlyList<MemoryPoint> points) => memory.Add((nodes, points));

    public void Finish()
    {
        var text = Text();
        Console.WriteLine(text);
        if (options.Write is not { } folder) return;
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "fleet-figures.md"), text);
        if (memory.Count > 0) File.WriteAllText(Path.Combine(folder, "fleet-memory.svg"), MemoryCurve.Draw(memory));
        foreach (var (nodes, points) in memory)
        {
            File.WriteAllLines(Path.Combine(folder, $"fleet-memory-{nodes}.csv"), ["seconds,resident_kib", .. points.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.At.TotalSeconds:F0},{p.ResidentKib}"))]);
        }
    }

    private bool Same(Func<CountFigures, long> figure) => counts.Count == 0 || counts.Max(figure) - counts.Min(figure) <= SameWithin;

    private string Text()
    {
        var text = new StringBuilder();
        void Line(FormattableString line) => text.AppendLine(line.ToString(CultureInfo.InvariantCulture));
        if (rates.Count > 0)
        {
            Line($"| nodes | echoes a second | check-ins a second | ratio (median of rounds) | ratios of the rounds | promised | failed | server's CPU a call, µs: echo, check-in | callers' CPU a call, µs: echo, check-in |");
            text.Append('|').Insert(text.Length, "---|", 9).AppendLine();
            foreach (var r in rates) Line($"| {r.Nodes} | {r.Echo.PerSecond:F0} | {r.CheckIn.PerSecond:F0} | **{r.Ratio:F2}** | {string.Join(", ", r.Ratios.Select(x => x.ToString("F2", CultureInfo.InvariantCulture)))} | ≥ {RatioMin:F2} | {r.Failed} | {r.Echo.ServerMicros:F0}, {r.CheckIn.ServerMicros:F0} | {r.Echo.CallerMicros:F0}, {r.CheckIn.CallerMicros:F0} |");
            text.AppendLine();
        }

        if (counts.Count > 0)
        {
            Line($"| nodes | window | seconds | the store's commands | of which | activations |");
            text.Append('|').Insert(text.Length, "---|", 6).AppendLine();
            foreach (var c in counts)
            {
                foreach (var (name, window) in new[] { ("no node yet", c.Empty), ("(a) idle check-ins", c.Idle), ($"(b) a version published, learnt by all after {c.Learnt.TotalSeconds:F1} s", c.Change), ("(c) until all serve it", c.Served) })
                {
                    Line($"| {c.Nodes} | {name} | {window.Time.TotalSeconds:F0} | {window.Total} | {window.Kinds} | {window.Activations} |");
                }

                Line($"| {c.Nodes} | (c) less the background, a node | | {(c.Served.Total - (c.Empty.Total * c.Served.Time / c.Empty.Time)) / c.Nodes:F2} | | {(double)c.Served.Activations / c.Nodes:F2} |");
            }

            text.AppendLine();
        }

        if (memory.Count > 0)
        {
            Line($"| nodes | resident KiB without nodes | with, at the end | KiB a node | last three minutes, lowest and highest KiB |");
            text.Append('|').Insert(text.Length, "---|", 5).AppendLine();
            foreach (var (nodes, points) in memory)
            {
                var late = points.Where(p => p.At > points[^1].At - TimeSpan.FromMinutes(3)).ToArray();
                Line($"| {nodes} | {points[0].ResidentKib} | {points[^1].ResidentKib} | {(double)(points[^1].ResidentKib - points[0].ResidentKib) / nodes:F1} | {late.Min(p => p.ResidentKib)}, {late.Max(p => p.ResidentKib)} |");
            }

            text.AppendLine();
        }

        Line($"{options.Rounds} rounds of {options.Round.TotalSeconds:F0} s, {options.Channels} connections, {options.InFlight} calls in flight, {Environment.ProcessorCount} cores shared with the callers, .NET {Environment.Version} on {RuntimeInformation.OSDescription}.");
        return text.ToString();
    }
}
