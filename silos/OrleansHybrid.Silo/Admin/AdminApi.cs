using System.Text.Json;
using OrleansHybrid.Silo.Bundles;

namespace OrleansHybrid.Silo.Admin;

/// <summary>The admin API under <c>/v1</c> on the cell's REST port, described at <c>/openapi/v1.json</c>, to browse at <c>/docs</c>. Reading needs the viewer role, changes the operator's.</summary>
internal static class AdminApi
{
    /// <summary>Routes that libraries map, where no filter reaches.</summary>
    private static readonly string[] Plain = ["/metrics", "/openapi", DocsPage.Path];

    public static WebApplicationBuilder AddAdminApi(this WebApplicationBuilder builder)
    {
        builder.Services.AddOpenApi("v1", o => o.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "OrleansHybrid admin API";
            document.Servers?.Clear();
            return Task.CompletedTask;
        }));
        builder.Services.AddSingleton<AdminGate>();
        builder.Services.AddFit();
        builder.Services.AddPush();
        builder.Services.ConfigureHttpJsonOptions(o =>
        {
            o.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            o.SerializerOptions.DictionaryKeyPolicy = null;
        });
        return builder;
    }

    public static WebApplication MapAdminApi(this WebApplication app)
    {
        app.UseWhen(static http => Plain.Any(p => http.Request.Path.StartsWithSegments(p)), static branch => branch.Use(AdmitReaderAsync));
        app.UseWhen(static http => http.Request.Path.StartsWithSegments(DocsPage.Path), static branch => branch.Use(DocsPage.ConfineAsync));
        app.MapOpenApi("/openapi/{documentName}.json");
        app.MapDocs();
        var admin = app.MapGroup("/v1").AddEndpointFilter<AdminGate>();
        admin.MapModels();
        admin.MapFit();
        admin.MapVersions();
        admin.MapNodes();
        admin.MapJoinTokens();
        admin.MapRegions();
        admin.MapEgress();
        admin.MapLedger();
        admin.MapDecisions();
        admin.MapReplay();
        admin.MapLimits();
        admin.MapLinks();
        admin.MapPolicies();
        admin.MapPolicyTests();
        admin.MapDocuments();
        admin.MapCatalogue();
        admin.MapPush();
        admin.MapKeys();
        admin.MapAudit();
        admin.MapCellStatus();
        return app;
    }

    private static async Task AdmitReaderAsync(HttpContext http, RequestDelegate next)
    {
        if (await http.RequestServices.GetRequiredService<AdminGate>().RefuseAsync(http, AdminRight.Reading) is { } refusal) await refusal.ExecuteAsync(http);
        else await next(http);
    }
}
