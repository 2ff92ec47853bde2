using System.Globalization;
using System.Net;
using System.Text;
using OrleansHybrid.Contracts;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Gateway.Access;
using OrleansHybrid.Grains;
using OrleansHybrid.Silo.Policies;
using OrleansHybrid.Silo.Settings;
using OrleansHybrid.Yaml.Routing;

namespace OrleansHybrid.Silo.Admin;

/// <summary><c>/v1/policies</c>: the cell's policy, every kept revision, and changing it. Reading is the viewer's, a change the operator's.</summary>
internal static class PolicyRoutes
{
    private const string Yaml = "application/yaml";
    private static readonly AdminRight Change = new(CallerRoles.Operator);

    public static void MapPolicies(this IEndpointRouteBuilder admin)
    {
        admin.MapGet("/policies", ListAsync).WithName("ListPolicies").WithSummary("The policy in force, every kept revision, and what was refused last.");
        admin.MapGet("/policies/{revision}", ReadAsync).WithName("GetPolicy").WithSummary("One revision's text, or 'current'.").Produces<string>(StatusCodes.Status200OK, Yaml);
        admin.MapPost("/policies", ApplyAsync).WithName("ApplyPolicy").WithMetadata(Change)
            .WithSummary("Takes a policy in YAML: checked, compared with the one in force, then applied on this silo at once and on the others within a second. ?dry_run=true only checks and compares; ?expected_revision= refuses when another one is current; ?rename=true allows another name.")
            .Accepts<string>(Yaml).Produces<PolicyAppliedView>().Produces<PolicyErrorsView>(StatusCodes.Status422UnprocessableEntity).Produces<PolicyErrorsView>(StatusCodes.Status409Conflict);
    }

    /// <summary>The body's bytes, one beyond the bound at most, which the reader then refuses.</summary>
    internal static async Task<byte[]> BodyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        var buffer = new byte[16 << 10];
        while (body.Length <= Limits.ManifestBytesMax)
        {
            var read = await request.Body.ReadAsync(buffer, cancellationToken);
            if (read == 0) break;
            body.Write(buffer, 0, read);
        }

        return body.ToArray();
    }

    internal static IResult Refuse(HttpStatusCode status, string error, IEnumerable<PolicyErrorView> errors) =>
        Results.Json(new PolicyErrorsView(error, errors), statusCode: (int)status);

    private static async Task<PoliciesView> ListAsync(CellSettings cell, IGrainFactory grains, PolicyKeeper keeper, PolicyRefusals refusals, CancellationToken cancellationToken)
    {
        var kept = await grains.GetPolicy(cell.Cell).ListAsync(cancellationToken);
        return new PoliciesView(
            keeper.Document is { } current ? PolicyRevisionView.Of(current) : null,
            kept.Reverse().Select(PolicyRevisionView.Of),
            PolicyRefusalView.Of(refusals.Current));
    }

    private static async Task<IResult> ReadAsync(string revision, CellSettings cell, IGrainFactory grains, PolicyKeeper keeper, CancellationToken cancellationToken)
    {
        if (revision == "current") return Text(keeper.Document, "There is no policy in force: the built-in rules apply.");
        return long.TryParse(revision, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? Text(await grains.GetPolicy(cell.Cell).FindAsync(number, cancellationToken), $"Revision {number} is not kept. GET /v1/policies lists those that are.")
            : AdminProblem.Of(HttpStatusCode.NotFound, "A revision is a whole number, or 'current'.");
    }

    private static IResult Text(PolicyDocument? document, string missing) =>
        document is null ? AdminProblem.Of(HttpStatusCode.NotFound, missing) : Results.Text(document.Text, Yaml, Encoding.UTF8);

    private static async Task<IResult> ApplyAsync(
        HttpContext http,
        bool? dry_run,
        bool? rename,
        long? expected_revision,
        PolicyKeeper keeper,
        PolicyRefusals refusals,
        [FromKeyedServices(HybridClock.Key)] TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var candidate = PolicyCandidate.Read(await BodyAsync(http.Request, cancellationToken), "policy", clock.GetUtcNow(), AdminGate.CallerOf(http));
        var dry = dry_run ?? false;
        if (candidate is not { Document: { } document, Reading.Config: { } config })
        {
            if (!dry) refusals.Count();
            return Refuse(HttpStatusCode.UnprocessableEntity, $"The policy is refused: {string.Join(' ', candidate.Reading.Lines)}", candidate.Reading.Errors.Select(PolicyErrorView.Of));
        }

        var difference = PolicyDiff.Between(Current(keeper), config);
        var offer = new PolicyOffer(document, rename ?? false, expected_revision, dry);
        var (receipt, unkept) = await StoreProblem.Guard(keeper.OfferAsync(candidate, offer, ChangeAuthor.Of(http, http.Features.Get<CallerIdentity>()!).Why, cancellationToken), "The policy was not changed");
        if (unkept is not null) return unkept;
        if (receipt!.Error is { } error)
        {
            if (!dry) refusals.Count();
            return Refuse(HttpStatusCode.Conflict, $"The policy is refused: {error}", [PolicyErrorView.Of(error)]);
        }

        return Results.Ok(new PolicyAppliedView(document.Name, document.Revision, document.Digest, receipt.Verdict.ToString().ToLowerInvariant(), !dry, difference.Changes, difference.Laxer));
    }

    private static PolicyConfig Current(PolicyKeeper keeper) =>
        (keeper.Document is { } document ? PolicyReader.Read(Encoding.UTF8.GetBytes(document.Text), "policy").Config : null) ?? new PolicyConfig();
}
