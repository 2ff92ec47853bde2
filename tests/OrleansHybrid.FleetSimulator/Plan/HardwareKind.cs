namespace OrleansHybrid.FleetSimulator.Plan;

/// <summary>A kind of box.</summary>
/// <param name="Weight">How common it is in a mixed fleet, against the others.</param>
/// <param name="ModelMemoryBytes">What models may take of its memory.</param>
/// <param name="LoadTime">Of a model of a few MiB, from a disk that is well.</param>
public sealed record HardwareKind(string Name, int Weight, int Cores, long MemoryBytes, long ModelMemoryBytes, LinkKind Link, TimeSpan LoadTime)
{
    public string? Accelerator { get; init; }

    /// <summary>In ONNX Runtime's words.</summary>
    public IReadOnlyList<string> ExecutionProviders { get; init; } = ["CPUExecutionProvider"];

    public string Platform { get; init; } = "linux-arm64";

    /// <summary>Null: mains.</summary>
    public BatteryCurve? Battery { get; init; }

    public ThermalCurve Thermal { get; init; } = new(40, 55, 85);
}
