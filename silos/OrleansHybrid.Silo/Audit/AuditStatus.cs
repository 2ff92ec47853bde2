using System.Diagnostics.Metrics;
using OrleansHybrid.Domain.Audit;
using OrleansHybrid.Silo.Settings;
using OrleansHybrid.Silo.Telemetry;

namespace OrleansHybrid.Silo.Audit;

/// <summary>What this silo found when it checked the audit log.</summary>
/// <param name="At">When; null: it was not read yet.</param>
/// <param name="Break">Null: the whole chain holds, and with what this silo knew.</param>
internal sealed record AuditCheck(DateTimeOffset? At, AuditHead Head, AuditBreak? Break)
{
    public static AuditCheck None { get; } = new(null, AuditHead.Origin, null);
}

/// <summary>The last check, and <c>hybrid_audit_broken</c>. A break stays told until the silo starts again and finds the log whole.</summary>
internal sealed class AuditStatus
{
    private AuditCheck current = AuditCheck.None;

    public AuditStatus(IMeterFactory meters, CellSettings cell)
    {
        var meter = meters.Create(BoxMetrics.MeterName);
        var label = new KeyValuePair<string, object?>("cell", cell.Cell);
        meter.CreateObservableGauge("hybrid_audit_broken", () => new Measurement<int>(Current.Break is null ? 0 : 1, label), null, "1 when the audit log is not what was written: an alarm. GET /v1/audit says from which entry on.");
        meter.CreateObservableGauge("hybrid_audit_entries", () => new Measurement<long>(Current.Head.Sequence, label), null, "Number of the last audit entry that this silo knows.");
    }

    public AuditCheck Current => Volatile.Read(ref current);

    /// <summary>The first break that was found stays.</summary>
    public void Set(AuditCheck check) => Volatile.Write(ref current, check with { Break = Current.Break ?? check.Break });
}
