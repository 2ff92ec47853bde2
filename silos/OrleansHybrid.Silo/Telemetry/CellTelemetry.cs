using System.Diagnostics.Metrics;
using OpenTelemetry.Metrics;
using OrleansHybrid.Silo.Settings;

namespace OrleansHybrid.Silo.Telemetry;

/// <summary>The cell's <c>/metrics</c>: our boxes, Triton's figures, Orleans, ASP.NET Core and the runtime.</summary>
internal static class CellTelemetry
{
    public static WebApplicationBuilder AddCellTelemetry(this WebApplicationBuilder builder)
    {
        builder.Services.AddMetrics().AddSingleton<BoxMetrics>().AddSingleton<TritonMetrics>();
        builder.Services.AddOpenTelemetry().WithMetrics(metrics =>
        {
            metrics.AddMeter(BoxMetrics.MeterName, "Microsoft.Orleans", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime");
            ((IDeferredMeterProviderBuilder)metrics).Configure(static (services, deferred) => KeepOwn(deferred, services.GetRequiredService<IMeterFactory>()));
            metrics.AddPrometheusExporter(o =>
            {
                // Triton's counters have no _total, and ours carry it in their names.
                o.DisableTotalNameSuffixForCounters = true;
                o.ScopeInfoEnabled = false;
                o.TargetInfoEnabled = false;
            });
        });
        return builder;
    }

    public static WebApplication MapCellTelemetry(this WebApplication app, CellSettings cell)
    {
        app.Services.GetRequiredService<TritonMetrics>();
        app.MapPrometheusScrapingEndpoint().RequireHost($"*:{cell.Http.Port}");
        return app;
    }

    /// <summary>Listeners are process-wide: without this each cell would export the series of all cells of the process.</summary>
    private static void KeepOwn(MeterProviderBuilder metrics, IMeterFactory own) =>
        metrics.AddView(instrument => instrument.Meter.Scope is { } scope && !ReferenceEquals(scope, own) ? MetricStreamConfiguration.Drop : null);
}
