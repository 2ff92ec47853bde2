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
        (string Use, DateTimeOffset? NotAfter)[] all =
        [
            ("listener", tls.Certificate?.Current.Facts.NotAfter), ("client_ca", tls.Clients?.NotAfter), ("link", tls.LinkCertificate?.Current.Facts.NotAfter),
            ("link_ca", tls.Above?.NotAfter), ("silo", tls.SiloCertificate?.Current.Facts.NotAfter), ("silo_ca", tls.Silos?.NotAfter),
        ];
        var now = clock.GetUtcNow();
        return all.Where(a => a.NotAfter is not null).Select(a => new Measurement<double>((a.NotAfter!.Value - now).TotalSeconds, new("cell", cell.Cell), new("use", a.Use)));
    }
}
