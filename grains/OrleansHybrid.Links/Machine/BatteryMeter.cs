namespace OrleansHybrid.Links.Machine;

/// <param name="Percent">Charge in [0, 100], as fine as the gauge is.</param>
/// <param name="Discharging">It is being emptied now: only then does its charge tell what work costs.</param>
public readonly record struct BatteryReading(double Percent, bool Discharging);

/// <summary>Linux' batteries (<c>power_supply</c>): the first that is one and is there. A mouse's or a phone's beside the machine is not it.</summary>
/// <param name="root">The folder of the supplies; another in tests.</param>
public sealed class BatteryMeter(string root = "/sys/class/power_supply")
{
    /// <summary>Null: no battery.</summary>
    public BatteryReading? Read()
    {
        foreach (var supply in SysfsFile.Folders(root, "*"))
        {
            if (SysfsFile.Text(supply, "type") != "Battery" || SysfsFile.Text(supply, "scope") == "Device" || SysfsFile.Text(supply, "present") == "0") continue;
            if (PercentOf(supply) is { } percent) return new BatteryReading(Math.Clamp(percent, 0, 100), SysfsFile.Text(supply, "status") == "Discharging");
        }

        return null;
    }

    /// <summary>By energy or charge, which most gauges tell in finer steps than the whole percents of <c>capacity</c>.</summary>
    private static double? PercentOf(string supply) => Ratio(supply, "energy") ?? Ratio(supply, "charge") ?? SysfsFile.Number(supply, "capacity");

    private static double? Ratio(string supply, string what) =>
        SysfsFile.Number(supply, what + "_now") is { } now && SysfsFile.Number(supply, what + "_full") is { } full && full > 0 ? 100 * now / full : null;
}
