using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Ledger;
using OrleansHybrid.EndToEnd.Tests.Harness;
using OrleansHybrid.Links.Machine;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Nodes;

/// <summary>A node's meters on a tree of files like the kernel's, and what 1,000 answers cost by them.</summary>
public sealed class MachineMeterTests : IDisposable
{
    private readonly TempFolder tree = new();

    public void Dispose() => tree.Dispose();

    [Fact]
    public void Machine_without_meters_reads_nothing()
    {
        var reading = new MachineMeters(tree.Sub("sys"), tree.Sub("proc")).Read();

        Assert.Equal(new MachineReading(null, null, null), reading);
    }

    [Fact]
    public void Battery_is_read_as_fine_as_its_gauge_and_not_a_mouse()
    {
        Supply("AC", ("type", "Mains"), ("online", "0"));
        Supply("BAT-mouse", ("type", "Battery"), ("scope", "Device"), ("capacity", "3"));
        Supply("BAT0", ("type", "Battery"), ("status", "Discharging"), ("capacity", "62"), ("energy_now", "31250000"), ("energy_full", "50000000"));

        Assert.Equal(new BatteryReading(62.5, true), new MachineMeters(tree.Sub("sys")).Read().Battery);

        Supply("BAT0", ("status", "Charging"), ("energy_full", "0"));
        Assert.Equal(new BatteryReading(62, false), new MachineMeters(tree.Sub("sys")).Read().Battery);
    }

    [Fact]
    public void Hottest_zone_counts_and_a_zone_without_a_sensor_does_not()
    {
        Write("class/thermal/thermal_zone0/temp", "41500");
        Write("class/thermal/thermal_zone1/temp", "57200");
        Write("class/thermal/thermal_zone2/temp", "-273200");
        Write("class/thermal/thermal_zone3/temp", "much");

        Assert.Equal(57.2, new MachineMeters(tree.Sub("sys")).Read().TemperatureC);
    }

    [Fact]
    public void Package_energy_is_read_below_the_same_root()
    {
        Write("class/powercap/intel-rapl:0/energy_uj", "1000");
        Write("class/powercap/intel-rapl:0/max_energy_range_uj", "5000");
        Directory.CreateDirectory(tree.Sub("proc"));
        File.WriteAllText(tree.Sub("proc/stat"), "cpu  100 0 50 9000 500 10 20 20 0 0\n");

        Assert.Equal(new EnergyCounter(1000, 5000), Assert.Single(new MachineMeters(tree.Sub("sys"), tree.Sub("proc")).Read().Energy!.Domains));
    }

    [Fact]
    public void Tally_tells_a_figure_by_1000_answers_from_enough_of_them_on()
    {
        var tally = new EnergyTally();
        tally.Add(Reading(joules: 0, battery: 80), 0);

        var few = tally.Add(Reading(joules: 1, battery: 79.9), Limits.NodeEnergyAnswersMin - 1);
        var enough = tally.Add(Reading(joules: 8, battery: 79), 2000);

        Assert.Equal((null, null), (few.JoulesPer1000, few.BatteryPercentPer1000));
        Assert.Equal((2000L, 4.0, 0.5), (enough.Answers, enough.JoulesPer1000!.Value, enough.BatteryPercentPer1000!.Value));
    }

    [Fact]
    public void Battery_on_mains_says_nothing_of_what_answers_cost()
    {
        var tally = new EnergyTally();
        tally.Add(Reading(null, 80, discharging: false), 0);
        tally.Add(Reading(null, 85, discharging: false), 1000);
        tally.Add(Reading(null, 85), 2000);
        var last = tally.Add(Reading(null, 84), 3000);

        Assert.Equal((null, 1.0), (last.JoulesPer1000, last.BatteryPercentPer1000));
    }

    [Fact]
    public void Temperature_is_told_in_steps()
    {
        Assert.Equal(55, new EnergyTally().Add(new MachineReading(null, null, 57.2), 0).TemperatureC);
        Assert.Null(new EnergyTally().Add(new MachineReading(null, null, null), 0).TemperatureC);
    }

    /// <summary>The process had half of the machine's CPU time, so half of its energy is this process'.</summary>
    private static MachineReading Reading(double? joules, double battery, bool discharging = true) => new(
        joules is { } used ? new EnergyReading([new EnergyCounter((long)(used * 2_000_000), 1L << 40)], TimeSpan.FromSeconds(used), TimeSpan.FromSeconds(2 * used)) : null,
        new BatteryReading(battery, discharging),
        null);

    private void Supply(string name, params (string File, string Text)[] files)
    {
        foreach (var (file, text) in files) Write($"class/power_supply/{name}/{file}", text);
    }

    private void Write(string file, string text)
    {
        var path = Path.Combine(tree.Sub("sys"), file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text + "\n");
    }
}
