using System.Net;
using OrleansHybrid.Contracts;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Audit;
using OrleansHybrid.Domain.Documents;
using OrleansHybrid.Gateway.Access;
using OrleansHybrid.Silo.Documents;

namespace OrleansHybrid.Silo.Admin;

/// <summary><c>/v1/catalogue</c> and changing it: which versions of a model are published, and which of them nodes should run. Changed at the farm's authority alone.</summary>
internal static class CatalogueRoutes
{
    private static readonly AdminRight Change = new(CallerRoles.Operator);

    public static void MapCatalogue(this IEndpointRouteBuilder admin)
    {
        admin.MapGet("/catalogue", (IDocumentSource documents) => new CatalogueView(documents.Current.Revision, documents.Current.Catalogue().Select(CatalogueModelView.Of)))
            .WithName("GetCatalogue").WithSummary("Every published model with its versions, as this cell's documents have it.");
        admin.MapGet("/models/{model}/policy", ReadPolicy).WithName("GetVersionPolicy").WithSummary("Which versions of a published model nodes should run.").Produces<VersionPolicyView>();
        admin.MapPut("/models/{model}/policy", SetPolicyAsync).WithName("SetVersionPolicy").WithMetadata(Change)
            .WithSummary("Sets which versions nodes should run: {\"latest\": 1} or {\"specific\": [2, 3]}.").Accepts<VersionPolicyView>("application/json").Produces<CatalogueChangedView>();
        admin.MapPost("/models/{model}/versions/{version:int}:block", BlockAsync).WithName("BlockVersion").WithMetadata(Change)
            .WithSummary("Takes a version out of every choice, with a reason: {\"reason\": \"…\"}.").Accepts<BlockRequest>("application/json").Produces<CatalogueChangedView>();
        admin.MapPost("/models/{model}/versions/{version:int}:unblock", UnblockAsync).WithName("UnblockVersion").WithMetadata(Change)
            .WithSummary("Lets a blocked version be chosen again.").Produces<CatalogueChangedView>();
    }

    private static IResult ReadPolicy(string model, IDocumentSource documents) =>
        documents.Current.Find(DocumentKey.Catalogue(model))?.Content()?.Catalogue is { } entry
            ? Results.Ok(VersionPolicyView.Of(entry.Policy))
            : AdminProblem.Of(HttpStatusCode.NotFound, $"No version of '{model}' is published. GET /v1/catalogue lists the models that are.");

    private static async Task<IResult> SetPolicyAsync(string model, HttpContext http, CatalogueChanger changer, CancellationToken cancellationToken)
    {
        var (body, refusal) = await AdminBody.ReadAsync<VersionPolicyView>(http, cancellationToken);
        if (refusal is not null) return refusal;
        if (body!.ToPolicy() is not { } policy) return AdminProblem.Of(HttpStatusCode.BadRequest, "Expected one of: {\"latest\": how many}, {\"specific\": [versions]}, {\"kind\": \"all\"}.");
        return await changer.ChangeAsync(http, model, AuditVerbs.ModelPolicy, model, $"{PolicyKinds.NameOf(policy.Kind)} {(policy.Specific.Count > 0 ? string.Join(',', policy.Specific) : policy.Latest)}", "", (g, t) => g.SetPolicyAsync(policy, t), cancellationToken);
    }

    private static async Task<IResult> BlockAsync(string model, int version, HttpContext http, CatalogueChanger changer, CancellationToken cancellationToken)
    {
        var (body, refusal) = await AdminBody.ReadAsync<BlockRequest>(http, cancellationToken);
        if (refusal is not null) return refusal;
        var reason = body!.Reason ?? "";
        return await changer.ChangeAsync(http, model, AuditVerbs.VersionBlock, $"{model}@{version}", "blocked", reason, (g, t) => g.BlockAsync(version, reason, t), cancellationToken);
    }

    private static Task<IResult> UnblockAsync(string model, int version, HttpContext http, CatalogueChanger changer, CancellationToken cancellationToken) =>
        changer.ChangeAsync(http, model, AuditVerbs.VersionUnblock, $"{model}@{version}", "", "", (g, t) => g.UnblockAsync(version, t), cancellationToken);
}

/// <summary>Makes one change to a model's catalogue entry and publishes it, or says what is in the way before anything changed.</summary>
internal sealed class CatalogueChanger(IGrainFactory grains, DocumentPublisher publisher, AuthorityDuties duties, DocumentTold told)
{
    public async Task<IResult> ChangeAsync(
        HttpContext http,
        string model,
        string verb,
        string subject,
        string to,
        string why,
        Func<Contracts.Documents.IModelGrain, CancellationToken, Task<CatalogueChange>> change,
        CancellationToken cancellationToken)
    {
        if (publisher.WhyNot() is { } whyNot) return AdminProblem.Of(HttpStatusCode.Conflict, whyNot);
        if (model.Length > Limits.NameCharsMax) return AdminProblem.Of(HttpStatusCode.NotFound, $"A model's name has at most {Limits.NameCharsMax} characters.");
        var who = AdminGate.CallerOf(http);
        var (done, unkept) = await StoreProblem.Guard(MakeAsync(), "The catalogue was not changed");
        if (unkept is not null) return unkept;
        if (done!.Refused) return AdminProblem.Of(StatusOf(done.Verdict), done.Why);
        var (published, unpublished) = await StoreProblem.Guard(PublishAsync(), "The change is kept and will be published");
        if (unpublished is not null) return unpublished;
        return published!.Failure is { } failure
            ? AdminProblem.Of(HttpStatusCode.ServiceUnavailable, $"The change is kept and will be published: {failure.Message}")
            : Results.Ok(new CatalogueChangedView(done.Verdict == CatalogueVerdict.Changed, true, CatalogueModelView.Of(done.Entry!)));

        async Task<CatalogueChange> MakeAsync()
        {
            await told.ChangeAsync(who, verb, subject, "", to, why, cancellationToken);
            return await change(grains.GetModel(model), cancellationToken);
        }

        async Task<Publication> PublishAsync() => new(await duties.PublishModelAsync(model, who, cancellationToken));
    }

    private static HttpStatusCode StatusOf(CatalogueVerdict verdict) => verdict switch
    {
        CatalogueVerdict.NotFound => HttpStatusCode.NotFound,
        CatalogueVerdict.Conflict => HttpStatusCode.Conflict,
        _ => HttpStatusCode.UnprocessableEntity,
    };

    private sealed record Publication(InferenceFailure? Failure);
}
