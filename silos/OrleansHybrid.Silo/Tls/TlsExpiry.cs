using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Nodes;
using OrleansHybrid.Silo.Settings;

namespace OrleansHybrid.Silo.Tls;

/// <summary>When what is in use ends to count. Looks at the start and at intervals, and tells the log of what should have been renewed by now.</summary>
internal sealed class TlsExpiry : IDisposable
{
    private readonly CellTls tls;
    private readonly TimeProvider clock;
    private readonly ITimer timer;

    public TlsExpiry(CellTls tls, TimeProvider clock)
    {
        (this.tls, this.clock) = (tls, clock);
        timer = clock.CreateTimer(static self => ((TlsExpiry)self!).Tell(), this, Limits.CertificateExpiryTold, Limits.CertificateExpiryTold);
        Tell();
    }

    public void Dispose() => timer.Dispose();

    private void Tell()
    {
        var now = clock.GetUtcNow();
        foreach (var one in tls.InUse.Where(u => CertificateRules.ExpiresSoon(u.NotBefore, u.NotAfter, now)))
        {
            tls.Notes.Warn(now > one.NotAfter
                ? $"What is in the file of {one.Setting.Flag} expired at {CertificateRules.Moment(one.NotAfter)}: connections that rest on it fail. Replace the file; it is read again while the cell runs."
                : $"What is in the file of {one.Setting.Flag} expires at {CertificateRules.Moment(one.NotAfter)}. Replace the file; it is read again while the cell runs.");
        }
    }
}

/// <summary>A certificate in use, or the first of a file's authorities to expire.</summary>
/// <param name="Use">As the metrics name it.</param>
internal readonly record struct CertificateInUse(SettingDefinition Setting, string Use, DateTimeOffset NotBefore, DateTimeOffset NotAfter);
