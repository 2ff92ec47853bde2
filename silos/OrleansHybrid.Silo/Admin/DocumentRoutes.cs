using System.Net;
using OrleansHybrid.Domain.Audit;
using OrleansHybrid.Domain.Documents;
using OrleansHybrid.Gateway.Access;
using OrleansHybrid.Grains;
using OrleansHybrid.Links.Documents;
using OrleansHybrid.Silo.Documents;
using OrleansHybrid.Silo.Settings;

namespace OrleansHybrid.Silo.Admin;

/// <summary><c>/v1/documents</c>: what was signed for this farm and how old it is, the document key, and its endorsement.</summary>
internal static class DocumentRoutes
{
    private static readonly AdminRight Change = new(CallerRoles.Operator);

    public static void MapDocuments(this IEndpointRouteBuilder admin)
    {
        admin.MapGet("/documents", List).WithName("ListDocuments").WithSummary("The signed documents that hold here, with their age and what expires when.");
        admin.MapGet("/documents/key", ReadKey).WithName("GetDocumentKey").WithSummary("The public half of the key that signs this farm's documents, with its endorsements: what 'hybrid keys endorse' takes.").Produces<DocumentKeyView>();
        admin.MapPut("/documents/endorsement", EndorseAsync).WithName("EndorseDocumentKey").WithMetadata(Change)
            .WithSummary("Takes a publisher's endorsement of the document key, as 'hybrid keys endorse' wrote it.").Accepts<string>("application/json").Produces<DocumentKeyView>();
    }

    private static DocumentsView List(DocumentKeeper keeper, AuthorityKey authority, DocumentPublisher publisher, [FromKeyedServices(HybridClock.Key)] TimeProvider clock)
    {
        var (set, now) = (keeper.Current, clock.GetUtcNow());
        return new DocumentsView(set.Farm, set.Revision, authority.Key?.KeyId, publisher.Endorsements().Select(e => e.Publisher).Distinct(), publisher.WhyNot(), set.Documents.Select(d => DocumentView.Of(d, now)));
    }

    private static IResult ReadKey(CellSettings cell, DocumentKeeper keeper, AuthorityKey authority, DocumentPublisher publisher, [FromKeyedServices(HybridClock.Key)] TimeProvider clock) =>
        authority.Key is { } key
            ? Results.Ok(ViewOf(key, keeper, publisher, clock))
            : AdminProblem.Of(HttpStatusCode.NotFound, $"This cell signs no documents: it follows the cell above, {cell.Upstream}. Ask there.");

    private static async Task<IResult> EndorseAsync(
        HttpContext http,
        CellSettings cell,
        AuthorityKey authority,
        DocumentKeeper keeper,
        DocumentPublisher publisher,
        PublisherFolder publishers,
        DocumentTold told,
        [FromKeyedServices(HybridClock.Key)] TimeProvider clock,
        CancellationToken cancellationToken)
    {
        if (authority.Key is not { } key) return AdminProblem.Of(HttpStatusCode.Conflict, $"This is changed at the cell above: {cell.Upstream}. This cell follows it.");
        var body = await PolicyRoutes.BodyAsync(http.Request, cancellationToken);
        if (EndorsementRules.Verify(body, publishers.Keys, out var problem) is not { } endorsement)
        {
            await told.RefusedAsync("document key", problem!, AdminGate.CallerOf(http), keeper.Current.Revision, cancellationToken);
            return AdminProblem.Of(HttpStatusCode.UnprocessableEntity, $"The endorsement is refused: {problem!.Message} The publishers' folder is {publishers.Path}.");
        }

        if (WhyOther(endorsement, key, keeper.Current.Farm, clock) is { } why) return AdminProblem.Of(HttpStatusCode.UnprocessableEntity, "The endorsement is refused: " + why);
        var (done, unkept) = await StoreProblem.Guard(TakeAsync(), "The endorsement was not taken");
        return unkept ?? Results.Ok(done);

        async Task<DocumentKeyView> TakeAsync()
        {
            await told.ChangeAsync(AdminGate.CallerOf(http), AuditVerbs.DocumentKeyEndorse, key.KeyId, "", endorsement.Publisher, $"until {endorsement.Expires:O}", cancellationToken);
            await keeper.EndorseAsync(body, cancellationToken);
            return ViewOf(key, keeper, publisher, clock);
        }
    }

    private static string? WhyOther(Endorsement endorsement, DocumentKeyFile key, string farm, TimeProvider clock)
    {
        if (endorsement.Key.KeyId != key.KeyId) return $"it endorses the key {endorsement.Key.KeyId[..16]}; this cell signs with {key.KeyId[..16]}. {DocumentPublisher.HowToEndorse}";
        if (endorsement.Farm != farm) return $"it is for the farm '{endorsement.Farm}'; this one is '{farm}'. {DocumentPublisher.HowToEndorse}";
        return endorsement.Expires > clock.GetUtcNow() ? null : $"it ended at {endorsement.Expires:O}. {DocumentPublisher.HowToEndorse}";
    }

    private static DocumentKeyView ViewOf(DocumentKeyFile key, DocumentKeeper keeper, DocumentPublisher publisher, TimeProvider clock) =>
        new(keeper.Current.Farm, key.KeyId, key.Key.Pem, publisher.Endorsements().Where(e => e.Key.KeyId == key.KeyId).Select(e => EndorsementView.Of(e, clock.GetUtcNow())));
}
