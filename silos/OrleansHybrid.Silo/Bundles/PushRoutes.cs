using System.Net;
using OrleansHybrid.Domain;
using OrleansHybrid.Gateway.Access;
using OrleansHybrid.Links.Bundles.Push;
using OrleansHybrid.Silo.Admin;

namespace OrleansHybrid.Silo.Bundles;

/// <summary>Pushing a version at the farm's authority: begin, send the files, commit. Each may be sent again.</summary>
internal static class PushRoutes
{
    private static readonly AdminRight Change = new(CallerRoles.Operator);

    public static IServiceCollection AddPush(this IServiceCollection services) => services.AddSingleton<UploadStore>().AddSingleton<PushDesk>().AddSingleton<PushFiles>();

    public static void MapPush(this IEndpointRouteBuilder admin)
    {
        admin.MapPost("/models/{model}/versions/{version:int}:push", BeginAsync).WithName("PushVersion").WithMetadata(Change)
            .WithSummary("Begins to push a signed version, or goes on with it: {\"signature\": base64 of model.sig, \"sizes\": {name: bytes}}. The answer says which files are missing.").Accepts<PushRequest>("application/json").Produces<UploadView>();
        admin.MapGet("/uploads", ListAsync).WithName("ListUploads").WithMetadata(Change).WithSummary("Pushes that were begun and not committed.").Produces<UploadsView>();
        admin.MapPut("/uploads/{id}/files/{digest}", TakeAsync).WithName("UploadFile").WithMetadata(Change)
            .WithSummary("Takes a file's raw bytes from offset=N on. One that broke off goes on where it was; a wrong offset answers 409 with the right one.").Produces<UploadedView>();
        admin.MapPost("/uploads/{id}:commit", (string id, HttpContext http, PushDesk desk, CancellationToken cancellationToken) => desk.CommitAsync(http, id, cancellationToken))
            .WithName("CommitUpload").WithMetadata(Change).WithSummary("Checks the version whole, every variant of it, and publishes it in the catalogue.").Produces<UploadView>();
        admin.MapDelete("/uploads/{id}", RemoveAsync).WithName("RemoveUpload").WithMetadata(Change).WithSummary("Gives up a push. Files that arrived stay for a while, for the next one.");
    }

    private static async Task<IResult> BeginAsync(string model, int version, HttpContext http, PushDesk desk, CancellationToken cancellationToken)
    {
        if (desk.WhyNot() is { } elsewhere) return elsewhere;
        var (body, refusal) = await AdminBody.ReadAsync<PushRequest>(http, Limits.PushBodyBytesMax, cancellationToken);
        return refusal ?? await desk.BeginAsync(http, model, version, body!, cancellationToken);
    }

    private static async Task<UploadsView> ListAsync(UploadStore uploads, CancellationToken cancellationToken) =>
        new((await uploads.ListAsync(cancellationToken)).Select(u => UploadView.Of(u, uploads)).ToArray());

    private static Task<IResult> TakeAsync(string id, string digest, HttpContext http, PushFiles files, CancellationToken cancellationToken)
    {
        var text = http.Request.Query["offset"].ToString();
        return text.Length == 0 || (long.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out _))
            ? files.TakeAsync(http, id, digest, text.Length == 0 ? 0 : long.Parse(text, System.Globalization.CultureInfo.InvariantCulture), cancellationToken)
            : Task.FromResult(AdminProblem.Of(HttpStatusCode.BadRequest, "Expected in 'offset' the number of bytes that are here; came something else. GET /v1/uploads says it."));
    }

    private static async Task<IResult> RemoveAsync(string id, UploadStore uploads, CancellationToken cancellationToken) =>
        await uploads.RemoveAsync(id, cancellationToken) ? Results.NoContent() : PushDesk.Unknown();
}
