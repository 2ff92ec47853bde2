using System.Diagnostics.Metrics;
using OpenTelemetry.Metrics;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Gateway.Telemetry;
using OrleansHybrid.Silo.Records;
using OrleansHybrid.Silo.Tls;

namespace OrleansHybrid.Silo.Telemetry;

/// <summary>The cell's <c>/metrics</c>: our boxes, Triton's figures, Orleans, ASP.NET Core and the runtime.</summary>
internal static class CellTelemetry
{
    public static WebApplicationBuilder AddCellTelemetry(this WebApplicationBuilder builder)
    {
        builder.Services.AddMetrics().AddSingleton<BoxMetrics>().AddSingleton<IRequestObserver>(s => s.GetRequiredService<BoxMetrics>()).AddSingleton<TritonMetrics>();
        builder.Services.AddSingleton<PressureMetrics>().AddSingleton<IRequestObserver>(s => s.GetRequiredService<PressureMetrics>());
        builder.Services.AddOpenTelemetry().WithMetrics(metrics =>
        {
            metrics.AddMeter(BoxMetrics.MeterName, GatewayMetrics.MeterName, "Microsoft.Orleans", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime");
            ((IDeferredMeterProviderBuilder)metrics).Configure(static (services, deferred) => KeepOwn(deferred, services.GetRequiredService<IMeterFactory>()));
            metrics.AddPrometheusExporter(o => o.ScopeInfoEnabled = o.TargetInfoEnabled = false);
        });
        return builder;
    }

    public static WebApplication MapCellTelemetry(this WebApplication app)
    {
        app.Services.GetRequiredService<TritonMetrics>();
        app.Services.GetRequiredService<ResidencyMetrics>();
        app.Services.GetRequiredService<RecordMetrics>();
        app.Services.GetRequiredService<TlsMetrics>();
        app.MapPrometheusScrapingEndpoint();
        return app;
    }

    /// <summary>Listeners are process-wide: without this each cell would export the series of all cells of the process.</summary>
    private static void KeepOwn(MeterProviderBuilder metrics, IMeterFactory own) =>
        metrics.AddView(instrument => instrument.Meter.Scope is { } scope && !ReferenceEquals(scope, own) ? MetricStreamConfiguration.Drop : null);
}
