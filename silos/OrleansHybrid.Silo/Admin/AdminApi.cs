using System.Text.Json;

namespace OrleansHybrid.Silo.Admin;

/// <summary>The admin API under <c>/v1</c> on the cell's REST port, described at <c>/openapi/v1.json</c>. Reading needs the viewer role, changes the operator's.</summary>
internal static class AdminApi
{
    public static WebApplicationBuilder AddAdminApi(this WebApplicationBuilder builder)
    {
        builder.Services.AddOpenApi("v1", o => o.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "OrleansHybrid admin API";
            document.Servers?.Clear();
            return Task.CompletedTask;
        }));
        builder.Services.ConfigureHttpJsonOptions(o =>
        {
            o.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            o.SerializerOptions.DictionaryKeyPolicy = null;
        });
        return builder;
    }

    public static WebApplication MapAdminApi(this WebApplication app)
    {
        app.MapOpenApi("/openapi/{documentName}.json");
        var admin = app.MapGroup("/v1").AddEndpointFilter<AdminGate>();
        admin.MapModels();
        admin.MapVersions();
        admin.MapNodes();
        admin.MapEgress();
        admin.MapLimits();
        admin.MapLinks();
        admin.MapCellStatus();
        return app;
    }
}
