using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Gateway.Hosting;
using OrleansHybrid.Links.Upstreams;
using OrleansHybrid.Silo.Settings;

namespace OrleansHybrid.Silo.Cells;

/// <summary>The Open Inference Protocol on the cell's two ports.</summary>
internal static class CellGateway
{
    private const string GrpcContent = "application/grpc";

    public static WebApplicationBuilder AddCellGateway(this WebApplicationBuilder builder, CellSettings cell)
    {
        builder.WebHost.ConfigureKestrel(GatewayKestrel.Apply);
        builder.Services.AddSingleton(s => new GatewayOptions
        {
            Cell = cell.Cell,
            Node = cell.Node,
            Zone = cell.Zone,
            IsReady = () => s.GetRequiredService<CellState>().Ready,
            Pool = s.GetRequiredService<TensorPool>(),
            Extensions = [.. GatewayOptions.DefaultExtensions, .. ServerStatement.Extensions(cell.Cell, cell.Zone, cell.Node)],
        });
        builder.Services.AddHybridGateway();
        return builder;
    }

    public static WebApplication MapCellGateway(this WebApplication app, CellSettings cell)
    {
        app.Use((context, next) => Belongs(context, cell) ? next(context) : Refuse(context));
        app.MapHybridGateway();
        return app;
    }

    /// <summary>By the port the connection came in on, never by the Host header, which the caller writes: the gRPC port may be open further than the admin API's.</summary>
    private static bool Belongs(HttpContext context, CellSettings cell) =>
        context.Connection.LocalPort != cell.Grpc.Port
        || (context.Request.ContentType?.StartsWith(GrpcContent, StringComparison.OrdinalIgnoreCase) ?? false);

    private static Task Refuse(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return context.Response.WriteAsync("This port serves gRPC. REST is on the other one.");
    }
}
