using System.Reflection;
using System.Runtime.InteropServices;
using OrleansHybrid.Domain.Nodes;
using OrleansHybrid.Inference.Engine;
using OrleansHybrid.Silo.Settings;

namespace OrleansHybrid.Silo.Fleet;

/// <summary>What a silo is as a node. Battery, temperature and throttling stay unknown on a server.</summary>
internal static class SiloAttributes
{
    public static NodeAttributes Of(CellSettings cell) => NodeAttributes.Unknown with
    {
        Labels = cell.Labels,
        ExecutionProviders = EngineRuntime.Providers,
        RuntimeVersion = EngineRuntime.Version,
        Software = "OrleansHybrid.Silo " + Version(),
        Platform = RuntimeInformation.RuntimeIdentifier,
    };

    private static string Version() =>
        typeof(SiloAttributes).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";
}
