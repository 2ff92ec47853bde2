using System.Globalization;
using OrleansHybrid.Domain.Ledger;

namespace OrleansHybrid.Links.Machine;

/// <summary>Linux' energy counters (RAPL): <c>energy_uj</c> of each package, where this process may read it. On kernels since 5.10 only root may, unless the operator opens the files.</summary>
/// <param name="root">The folder of the counters; another in tests.</param>
/// <param name="processStat">The machine's CPU time.</param>
/// <param name="cells">Cells of this process: each counts an even part of its CPU time, so that they do not count it twice.</param>
public sealed class RaplMeter(int cells, string root = "/sys/class/powercap", string processStat = "/proc/stat") : IEnergyMeter
{
    /// <summary>What the kernel counts CPU time in, on every platform that has these files.</summary>
    private const double TicksPerSecond = 100;

    private readonly string[] domains = Find(root);

    public EnergyReading? Read()
    {
        if (domains.Length == 0) return null;
        try
        {
            return new EnergyReading(Array.ConvertAll(domains, ReadDomain), Environment.CpuUsage.TotalTime / cells, MachineTime());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            return null;
        }
    }

    /// <summary>Packages alone (<c>intel-rapl:0</c>): their parts (<c>intel-rapl:0:1</c>) are counted in them.</summary>
    private static string[] Find(string root) => Directory.Exists(root)
        ? [.. Directory.EnumerateDirectories(root, "intel-rapl:*").Where(d => Path.GetFileName(d).Count(c => c == ':') == 1 && File.Exists(Path.Combine(d, "energy_uj"))).Order(StringComparer.Ordinal)]
        : [];

    private static EnergyCounter ReadDomain(string domain) => new(ReadNumber(domain, "energy_uj"), ReadNumber(domain, "max_energy_range_uj"));

    private static long ReadNumber(string domain, string file) => long.Parse(File.ReadAllText(Path.Combine(domain, file)).Trim(), CultureInfo.InvariantCulture);

    /// <summary>User, nice, system, irq, softirq and steal of the first line; idle and waiting for disks (the 4th and 5th) are no work.</summary>
    private TimeSpan MachineTime()
    {
        var fields = File.ReadLines(processStat).First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var busy = fields.Skip(1).Take(8).Where((_, i) => i is not (3 or 4)).Sum(f => long.Parse(f, CultureInfo.InvariantCulture));
        return TimeSpan.FromSeconds(busy / TicksPerSecond);
    }
}
