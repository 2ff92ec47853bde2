namespace OrleansHybrid.Silo.Fleet;

/// <summary>The fleet protocol on the cell's gRPC port.</summary>
internal static class CellFleet
{
    public static WebApplicationBuilder AddCellFleet(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<FleetService>().AddSingleton<FleetGate>();
        builder.Services.AddGrpc().AddServiceOptions<FleetService>(o => o.Interceptors.Add<FleetGate>());
        return builder;
    }

    public static WebApplication MapCellFleet(this WebApplication app)
    {
        app.MapGrpcService<FleetService>();
        return app;
    }
}
