using OrleansHybrid.Silo.Cells;
using OrleansHybrid.Silo.Settings;
using OrleansHybrid.Silo.Store;

namespace OrleansHybrid.Silo;

/// <summary>The table of contents: one line a feature of a cell.</summary>
internal static class OrleansHybridExtensions
{
    public static WebApplicationBuilder AddOrleansHybrid(this WebApplicationBuilder builder, CellSettings cell, StoreConnection store) => builder
        .AddCellLogging(cell)
        .AddCellPorts(cell)
        .AddCellCluster(cell, store);

    public static WebApplication MapOrleansHybrid(this WebApplication app, CellSettings cell) => app
        .MapCellHealth(cell);
}
