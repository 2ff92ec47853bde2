namespace OrleansHybrid.Silo.Fleet;

/// <summary>The fleet protocol on the cell's gRPC port.</summary>
internal static class CellFleet
{
    public static WebApplicationBuilder AddCellFleet(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<FleetService>();
        return builder;
    }

    public static WebApplication MapCellFleet(this WebApplication app)
    {
        app.MapGrpcService<FleetService>();
        return app;
    }
}
