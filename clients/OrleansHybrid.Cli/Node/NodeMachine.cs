using System.Reflection;
using System.Runtime.InteropServices;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Nodes;
using OrleansHybrid.Inference.Engine;
using OrleansHybrid.Links.Machine;

namespace OrleansHybrid.Cli.Node;

/// <summary>What the box is, as its attributes say it: readings in steps of <see cref="Limits.NodeReadingStep"/>.</summary>
internal static class NodeMachine
{
    public static long MemoryBytes => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    public static NodeAttributes Describe(NodeSettings settings, MachineReading reading) => NodeAttributes.Unknown with
    {
        Labels = settings.Labels,
        // Always bounded: the cell works out from it what the box should run, and so does the box.
        ModelMemoryBytes = settings.MemoryBytes ?? MemoryBytes,
        ExecutionProviders = EngineRuntime.Providers,
        RuntimeVersion = EngineRuntime.Version,
        Software = "OrleansHybrid.Cli " + Version,
        Platform = RuntimeInformation.RuntimeIdentifier,
        BatteryPercent = Step(reading.Battery?.Percent),
        TemperatureC = Step(reading.TemperatureC),
        MeteredLink = settings.Metered,
    };

    private static string Version =>
        typeof(NodeMachine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";

    private static int? Step(double? reading) => reading is { } value ? (int)Math.Round(value / Limits.NodeReadingStep) * Limits.NodeReadingStep : null;
}
