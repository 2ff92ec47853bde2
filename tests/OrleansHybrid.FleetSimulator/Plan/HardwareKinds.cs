namespace OrleansHybrid.FleetSimulator.Plan;

/// <summary>The table of hardware. Sizes are those of ordinary boxes of each kind; the sensor is there because a fleet has boxes on which nothing fits.</summary>
public static class HardwareKinds
{
    private const long Mib = 1L << 20, Gib = 1L << 30;

    public static IReadOnlyList<HardwareKind> All { get; } =
    [
        new("phone", 30, 8, 6 * Gib, 64 * Mib, LinkKind.Cellular, TimeSpan.FromMilliseconds(150)) { Platform = "android-arm64", ExecutionProviders = ["CPUExecutionProvider", "NnapiExecutionProvider"], Battery = new BatteryCurve(9, 2), Thermal = new(32, 44, 43) },
        new("camera", 25, 2, 512 * Mib, 23 * Mib, LinkKind.Wifi, TimeSpan.FromMilliseconds(400)) { Thermal = new(45, 62, 80) },
        new("kiosk", 20, 4, 4 * Gib, 512 * Mib, LinkKind.Lan, TimeSpan.FromMilliseconds(120)) { Platform = "linux-x64", Thermal = new(42, 60, 95) },
        new("gateway-box", 15, 4, 2 * Gib, 1 * Gib, LinkKind.Satellite, TimeSpan.FromMilliseconds(250)) { Battery = new BatteryCurve(30, 8), Thermal = new(38, 58, 85) },
        new("gpu-box", 5, 16, 32 * Gib, 8 * Gib, LinkKind.Lan, TimeSpan.FromMilliseconds(80)) { Platform = "linux-x64", Accelerator = "NVIDIA L4", ExecutionProviders = ["CUDAExecutionProvider", "CPUExecutionProvider"], Thermal = new(40, 70, 90) },
        new("sensor", 5, 1, 64 * Mib, 8 * Mib, LinkKind.Cellular, TimeSpan.FromMilliseconds(900)) { Battery = new BatteryCurve(200, 12), Thermal = new(20, 28, 70) },
    ];

    public static HardwareKind Find(string name) =>
        All.FirstOrDefault(k => k.Name == name) ?? throw new ArgumentException($"No hardware kind '{name}'; expected one of {string.Join(", ", All.Select(k => k.Name))}.", nameof(name));
}
