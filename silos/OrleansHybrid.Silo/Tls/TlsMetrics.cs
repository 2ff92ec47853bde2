using System.Diagnostics.Metrics;
using OrleansHybrid.Grains;
using OrleansHybrid.Silo.Settings;
using OrleansHybrid.Silo.Telemetry;

namespace OrleansHybrid.Silo.Tls;

/// <summary>How long each certificate in use still counts.</summary>
internal sealed class TlsMetrics
{
    private readonly CellSettings cell;
    private readonly CellTls tls;
    private readonly TimeProvider clock;

    public TlsMetrics(IMeterFactory meters, CellSettings cell, CellTls tls, [FromKeyedServices(HybridClock.Key)] TimeProvider clock)
    {
        (this.cell, this.tls, this.clock) = (cell, tls, clock);
        meters.Create(BoxMetrics.MeterName).CreateObservableGauge("hybrid_tls_certificate_expiry", Read, "s", "Time until a certificate in use, or the first of a file's authorities, expires; below zero: it has.");
    }

    private IEnumerable<Measurement<double>> Read()
    {
        var now = clock.GetUtcNow();
        return tls.InUse.Select(u => new Measurement<double>((u.NotAfter - now).TotalSeconds, new("cell", cell.Cell), new("use", u.Use)));
    }
}
