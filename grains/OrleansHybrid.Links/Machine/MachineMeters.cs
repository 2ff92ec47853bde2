using OrleansHybrid.Domain.Ledger;

namespace OrleansHybrid.Links.Machine;

/// <summary>What one machine's meters show at one moment. What nothing measures is null.</summary>
public sealed record MachineReading(EnergyReading? Energy, BatteryReading? Battery, double? TemperatureC);

/// <summary>The meters of a machine that this process has for itself: package energy, battery, temperature.</summary>
/// <param name="sys">Where <c>sysfs</c> is; another in tests.</param>
/// <param name="proc">Where <c>procfs</c> is.</param>
public sealed class MachineMeters(string sys = "/sys", string proc = "/proc")
{
    private readonly RaplMeter energy = new(1, Path.Combine(sys, "class", "powercap"), Path.Combine(proc, "stat"));
    private readonly BatteryMeter battery = new(Path.Combine(sys, "class", "power_supply"));
    private readonly ThermalMeter thermal = new(Path.Combine(sys, "class", "thermal"));

    public MachineReading Read() => new(energy.Read(), battery.Read(), thermal.Read());
}
