using Scalar.AspNetCore;

namespace OrleansHybrid.Silo.Admin;

/// <summary>The admin API as a page to browse, at <c>/docs</c>: made from <c>/openapi/v1.json</c>, with everything it needs from this program. For viewers, as the description is.</summary>
/// <remarks>A cell may have no way out, and what its people look at is nobody else's business: the content security policy keeps the browser from asking any other host.</remarks>
internal static class DocsPage
{
    public const string Path = "/docs";

    private const string Policy =
        "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'self'; object-src 'none'";

    public static void MapDocs(this IEndpointRouteBuilder app) => app.MapScalarApiReference(Path, static options =>
    {
        options.Title = "OrleansHybrid admin API";
        options.OpenApiRoutePattern = "/openapi/{documentName}.json";
        options.DefaultFonts = false;
        options.Telemetry = false;
        options.HideClientButton = true;
        options.ShowDeveloperTools = DeveloperToolsVisibility.Never;
        options.DisableAgent();
        options.DisableMcp();
    });

    /// <summary>Headers of the page and its files.</summary>
    public static Task ConfineAsync(HttpContext http, RequestDelegate next)
    {
        http.Response.Headers.ContentSecurityPolicy = Policy;
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        return next(http);
    }
}
