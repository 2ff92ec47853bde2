using OrleansHybrid.EndToEnd.Tests.Harness;
using OrleansHybrid.Links.Machine;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Ledger;

public sealed class RaplMeterTests
{
    [Fact]
    public void Packages_are_read_and_their_parts_left_out()
    {
        using var folder = new TempFolder();
        Package(folder, "intel-rapl:0", 1000, 5000);
        Package(folder, "intel-rapl:0:0", 7, 9);
        Package(folder, "intel-rapl:1", 2000, 6000);
        File.WriteAllText(folder.Sub("stat"), "cpu  100 0 50 9000 500 10 20 20 0 0\ncpu0 1 2 3\n");

        var reading = new RaplMeter(1, folder.Path, folder.Sub("stat")).Read()!;

        Assert.Equal([(1000L, 5000L), (2000L, 6000L)], reading.Domains.Select(d => (d.Microjoules, d.Range)));
        Assert.Equal(TimeSpan.FromSeconds(2), reading.MachineCpu);
        Assert.True(reading.OwnCpu > TimeSpan.Zero);
    }

    [Fact]
    public void Machine_without_counters_has_no_meter()
    {
        using var folder = new TempFolder();

        Assert.Null(new RaplMeter(1, folder.Path, folder.Sub("stat")).Read());
        Assert.Null(new RaplMeter(1, folder.Sub("none")).Read());
    }

    [Fact]
    public void Counter_that_cannot_be_read_is_no_reading()
    {
        using var folder = new TempFolder();
        Package(folder, "intel-rapl:0", 1000, 5000);
        File.WriteAllText(Path.Combine(folder.Path, "intel-rapl:0", "energy_uj"), "much");

        Assert.Null(new RaplMeter(1, folder.Path, folder.Sub("stat")).Read());
    }

    private static void Package(TempFolder folder, string name, long microjoules, long range)
    {
        var package = Directory.CreateDirectory(Path.Combine(folder.Path, name)).FullName;
        File.WriteAllText(Path.Combine(package, "energy_uj"), $"{microjoules}\n");
        File.WriteAllText(Path.Combine(package, "max_energy_range_uj"), $"{range}\n");
    }
}
