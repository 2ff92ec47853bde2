using OrleansHybrid.Domain.Audit;

namespace OrleansHybrid.EndToEnd.Tests.Harness;

/// <summary>Keeps what would be written down.</summary>
internal sealed class RecordingAudit : IAuditLog
{
    public List<AuditChange> Changes { get; } = [];

    public ValueTask AppendAsync(AuditChange change, CancellationToken cancellationToken)
    {
        Changes.Add(change);
        return ValueTask.CompletedTask;
    }
}
