using OrleansHybrid.Domain.Ledger;
using OrleansHybrid.Links.Machine;
using OrleansHybrid.Silo.Cells;
using OrleansHybrid.Silo.Telemetry;

namespace OrleansHybrid.Silo.Ledger;

internal static class CellLedger
{
    /// <summary>What the ledger needs of this machine, and its metrics. The ledger itself is the cluster's.</summary>
    public static WebApplicationBuilder AddCellLedger(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IEnergyMeter>(s => new RaplMeter(s.GetRequiredService<ProcessShare>().Cells));
        builder.Services.AddMetrics().AddSingleton<LedgerMetrics>();
        return builder;
    }

    /// <summary>Instruments that are observed exist from the start.</summary>
    public static WebApplication MapCellLedger(this WebApplication app)
    {
        app.Services.GetRequiredService<LedgerMetrics>();
        return app;
    }
}
