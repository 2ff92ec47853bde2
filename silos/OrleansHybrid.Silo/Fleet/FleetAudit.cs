using OrleansHybrid.Domain.Audit;

namespace OrleansHybrid.Silo.Fleet;

/// <summary>Changes to nodes, tokens and regions as audit entries. A cell without an audit log goes on without.</summary>
internal sealed class FleetAudit(IServiceProvider services)
{
    private readonly IAuditLog? log = services.GetService<IAuditLog>();

    public ValueTask AppendAsync(string who, string what, string subject, string from, string to, string why, CancellationToken cancellationToken) =>
        log is null ? ValueTask.CompletedTask : log.AppendAsync(new AuditChange(who, what, subject, from, to, why), cancellationToken);
}
