namespace OrleansHybrid.Links.Machine;

/// <summary>Linux' thermal zones: the hottest.</summary>
/// <param name="root">The folder of the zones; another in tests.</param>
public sealed class ThermalMeter(string root = "/sys/class/thermal")
{
    private const double MillidegreesPerDegree = 1000;

    /// <summary>What a sensor may show. A zone without a sensor shows zero kelvin, or a number of its own.</summary>
    private const double LowestC = -60;
    private const double HighestC = 200;

    /// <summary>Degrees Celsius; null: nothing measures it.</summary>
    public double? Read()
    {
        var zones = SysfsFile.Folders(root, "thermal_zone*").Select(z => SysfsFile.Number(z, "temp") / MillidegreesPerDegree).OfType<double>().Where(c => c is > LowestC and < HighestC).ToArray();
        return zones.Length == 0 ? null : zones.Max();
    }
}
