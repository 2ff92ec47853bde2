using OrleansHybrid.Domain.Documents;
using OrleansHybrid.Domain.Nodes;
using OrleansHybrid.Grains;
using OrleansHybrid.Links.Fleet;
using OrleansHybrid.Links.Upstreams;
using OrleansHybrid.Silo.Cells;
using OrleansHybrid.Silo.Settings;
using OrleansHybrid.Silo.Tls;

namespace OrleansHybrid.Silo.Fleet;

/// <summary>The fleet protocol on the cell's gRPC port.</summary>
internal static class CellFleet
{
    public static WebApplicationBuilder AddCellFleet(this WebApplicationBuilder builder, CellSettings cell)
    {
        builder.Services.AddSingleton<FleetAudit>().AddSingleton<RevisionWatch>().AddSingleton<NodeRefusals>().AddSingleton<CheckInCalls>().AddSingleton<EnrolCalls>();
        if (cell.Upstream is not null) AddUplink(builder.Services, cell);
        builder.Services.AddSingleton<FleetService>().AddSingleton<FleetGate>();
        builder.Services.AddGrpc().AddServiceOptions<FleetService>(o => o.Interceptors.Add<FleetGate>());
        return builder;
    }

    private static void AddUplink(IServiceCollection services, CellSettings cell) => services.AddSingleton<IRegionUplink>(s =>
    {
        var clock = s.GetRequiredKeyedService<TimeProvider>(HybridClock.Key);
        return new RegionUplink(new FleetClient(CellLinks.Options(cell, s.GetRequiredService<CellTls>()), clock), s.GetRequiredService<UpstreamDirectory>(), s.GetRequiredService<IDocumentSource>(), clock);
    });

    public static WebApplication MapCellFleet(this WebApplication app)
    {
        app.MapGrpcService<FleetService>();
        return app;
    }
}
