using OrleansHybrid.Silo.Admin;
using OrleansHybrid.Silo.Audit;
using OrleansHybrid.Silo.Bundles;
using OrleansHybrid.Silo.Cells;
using OrleansHybrid.Silo.Documents;
using OrleansHybrid.Silo.Ledger;
using OrleansHybrid.Silo.Policies;
using OrleansHybrid.Silo.Records;
using OrleansHybrid.Silo.Fleet;
using OrleansHybrid.Silo.Settings;
using OrleansHybrid.Silo.Store;
using OrleansHybrid.Silo.Telemetry;
using OrleansHybrid.Silo.Tls;
using OrleansHybrid.Silo.Trust;

namespace OrleansHybrid.Silo;

/// <summary>The table of contents: one line a feature of a cell.</summary>
internal static class OrleansHybridExtensions
{
    public static WebApplicationBuilder AddOrleansHybrid(this WebApplicationBuilder builder, CellSettings cell, StoreConnection store, CellTls tls) => builder
        .AddCellLogging(cell)
        .AddCellPorts(cell, tls)
        .AddCellTrust()
        .AddCellRecords(cell)
        .AddCellLinks(cell)
        .AddCellCluster(cell, store, tls)
        .AddCellAudit()
        .AddCellPolicy()
        .AddCellDocuments()
        .AddCellModels(cell)
        .AddCellGateway(cell)
        .AddCellLedger()
        .AddCellFleet(cell)
        .AddCellBundles()
        .AddAdminApi()
        .AddCellTelemetry();

    public static WebApplication MapOrleansHybrid(this WebApplication app, CellSettings cell) => app
        .MapCellGateway(cell)
        .MapCellFleet()
        .MapAdminApi()
        .MapCellLedger()
        .MapCellTelemetry();
}
