using OpenTelemetry;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using OrleansHybrid.Domain.Routing;

namespace OrleansHybrid.Silo.Telemetry;

/// <summary>The process's one tracer provider: activity sources are static, so one per cell would export every cell's spans several times. Each span of ours names its cell.</summary>
/// <remarks>Exports by OTLP, and only when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set. A tenth of the traces that begin here is kept: spans for every request cost a fifth of the throughput.</remarks>
internal static class ProcessTraces
{
    private const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string RatioVariable = "OTEL_TRACES_SAMPLER_ARG";
    private const double DefaultRatio = 0.1;

    /// <summary>Null when nobody collects traces.</summary>
    public static TracerProvider? Start()
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(EndpointVariable))) return null;
        return Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(r => r.AddService("orleans-hybrid"))
            .AddSource(RoutingActivity.SourceName)
            .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(Ratio())))
            .AddOtlpExporter()
            .Build();
    }

    private static double Ratio() =>
        double.TryParse(Environment.GetEnvironmentVariable(RatioVariable), System.Globalization.CultureInfo.InvariantCulture, out var ratio)
            ? Math.Clamp(ratio, 0, 1)
            : DefaultRatio;
}
