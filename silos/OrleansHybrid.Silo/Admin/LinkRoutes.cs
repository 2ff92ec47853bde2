using System.Net;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Audit;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Gateway.Access;
using OrleansHybrid.Links.Upstreams;
using OrleansHybrid.Grains;
using OrleansHybrid.Silo.Audit;

namespace OrleansHybrid.Silo.Admin;

/// <summary><c>/v1/links</c>: the link to the cell above, and cutting it for a trial. Cutting is for the operator on the cell's own machine.</summary>
internal static class LinkRoutes
{
    private static readonly AdminRight Change = new(CallerRoles.Operator, LoopbackOnly: true);

    public static void MapLinks(this IEndpointRouteBuilder admin)
    {
        admin.MapGet("/links", (UpstreamDirectory links, [FromKeyedServices(HybridClock.Key)] TimeProvider clock) => Above(links) is { } above ? [LinkView.Of(above.State, clock)] : Array.Empty<LinkView>())
            .WithName("ListLinks").WithSummary("The link to the cell above, with its health and since when.");
        admin.MapPost("/links/{cell}:cut", CutAsync)
            .WithName("CutLink").WithSummary("Cuts the link to the cell above until it is healed.").WithMetadata(Change).Produces<LinkView>();
        admin.MapPost("/links/{cell}:heal", HealAsync)
            .WithName("HealLink").WithSummary("Ends a cut: the link is probed and used again.").WithMetadata(Change).Produces<LinkView>();
    }

    private static OipUpstream? Above(UpstreamDirectory links) => links.Above;

    private static Task<IResult> CutAsync(string cell, HttpContext http, UpstreamDirectory links, AuditDesk audit, [FromKeyedServices(HybridClock.Key)] TimeProvider clock, CancellationToken cancellationToken) =>
        SwitchAsync(cell, http, links, audit, clock, AuditVerbs.LinkCut, static l => l.Cut(), cancellationToken);

    private static Task<IResult> HealAsync(string cell, HttpContext http, UpstreamDirectory links, AuditDesk audit, [FromKeyedServices(HybridClock.Key)] TimeProvider clock, CancellationToken cancellationToken) =>
        SwitchAsync(cell, http, links, audit, clock, AuditVerbs.LinkHeal, static l => l.Heal(), cancellationToken);

    private static async Task<IResult> SwitchAsync(
        string cell, HttpContext http, UpstreamDirectory links, AuditDesk audit, TimeProvider clock, string verb, Action<OipUpstream> change, CancellationToken cancellationToken)
    {
        if (Above(links) is not { } link) return AdminProblem.Of(HttpStatusCode.NotFound, "This cell has no link: it has nothing above it. Send this to the lower cell.");
        if (cell != link.State.Name && cell != new Uri(link.State.Address).Authority)
        {
            return AdminProblem.Of(HttpStatusCode.NotFound, $"This cell has no link to '{cell}'. Its link goes to '{link.State.Name}'.");
        }

        var entry = AuditDesk.ChangeOf(http, verb, "link to " + link.State.Name, link.State.Health.ToString().ToLowerInvariant(), verb == AuditVerbs.LinkCut ? "cut" : "in use");
        if (await audit.WriteAsync(entry, "The link was left as it is", cancellationToken) is { } unwritten) return unwritten;
        change(link);
        return Results.Ok(LinkView.Of(link.State, clock));
    }
}

/// <param name="Loss">Share of probes and calls lost lately while the link was in use, in [0, 1].</param>
/// <param name="AgeMs">How long the health is what it is, milliseconds.</param>
/// <param name="Problem">Of a link that is down: why the last probe got no answer.</param>
internal sealed record LinkView(string Name, string Address, string Zone, string Health, double RoundTripMsP95, double Loss, long Samples, double AgeMs, string? Problem)
{
    public static LinkView Of(UpstreamState state, TimeProvider clock) => new(
        state.Name, state.Address, state.Zone.WireName(), state.Health.ToString().ToLowerInvariant(), state.RoundTripMsP95, state.Loss, state.Samples, (clock.GetUtcNow() - state.Since).TotalMilliseconds, state.Problem.Length == 0 ? null : state.Problem);
}
