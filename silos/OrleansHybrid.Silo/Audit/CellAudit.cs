using OrleansHybrid.Domain.Audit;
using OrleansHybrid.Gateway.Models;

namespace OrleansHybrid.Silo.Audit;

/// <summary>The cell's audit log: who changed what, when, from what, to what, and why.</summary>
internal static class CellAudit
{
    /// <summary>After the cluster, whose grains keep it, and before what writes to it while it starts.</summary>
    public static WebApplicationBuilder AddCellAudit(this WebApplicationBuilder builder)
    {
        builder.Services.AddMetrics().AddSingleton<AuditStatus>().AddSingleton<AuditHeadFile>().AddSingleton<AuditReader>();
        builder.Services.AddSingleton<CellAuditLog>().AddSingleton<IAuditLog>(s => s.GetRequiredService<CellAuditLog>());
        builder.Services.AddSingleton<AuditDesk>().AddSingleton<IRepositoryJournal, RepositoryAudit>();
        builder.Services.AddHostedService<AuditWatch>();
        return builder;
    }
}
