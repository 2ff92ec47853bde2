using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Serialization;
using OrleansHybrid.Contracts;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Audit;
using OrleansHybrid.Domain.Nodes;
using OrleansHybrid.Gateway.Access;
using OrleansHybrid.Grains.Nodes;
using OrleansHybrid.Silo.Fleet;
using OrleansHybrid.Silo.Settings;

namespace OrleansHybrid.Silo.Admin;

/// <summary><c>/v1/join-tokens</c>: what a box or a region enrols with, for operators. A token is in one answer, the one that makes it.</summary>
internal static class JoinTokenRoutes
{
    private static readonly AdminRight Operator = new(CallerRoles.Operator);

    public static void MapJoinTokens(this IEndpointRouteBuilder admin)
    {
        admin.MapPost("/join-tokens", CreateAsync).WithName("CreateJoinToken").WithSummary("Makes a join token and shows it, once.").WithMetadata(Operator)
            .Accepts<NewJoinTokenBody>("application/json").Produces<NewJoinTokenView>(StatusCodes.Status201Created).Produces<AdminProblem>(StatusCodes.Status400BadRequest);
        admin.MapGet("/join-tokens", async (FleetTrustRing ring, CancellationToken cancellationToken) =>
            {
                await ring.RefreshAsync(cancellationToken);
                return new JoinTokenListView(ring.Current.Tokens.Select(JoinTokenView.Of));
            })
            .WithName("ListJoinTokens").WithSummary("The cell's join tokens and what is left of them; never a secret or its hash.").WithMetadata(Operator);
        admin.MapPost("/join-tokens/{id}:revoke", RevokeAsync).WithName("RevokeJoinToken").WithSummary("Ends a join token; nodes that enrolled with it stay.").WithMetadata(Operator).Produces<JoinTokenView>();
    }

    private static async Task<IResult> CreateAsync(HttpContext http, IGrainFactory grains, CellSettings cell, FleetTrustRing ring, IEnrolmentTrust trust, FleetAudit audit, CancellationToken cancellationToken)
    {
        var (body, refusal) = await AdminBody.ReadAsync<NewJoinTokenBody>(http, cancellationToken);
        if (body is null) return refusal!;
        if (body.Kind is not ("node" or "region")) return AdminProblem.Of(HttpStatusCode.BadRequest, "kind: expected node or region.");
        var id = RandomNumberGenerator.GetBytes(JoinTokenText.IdBytes);
        var token = JoinTokenText.Write(id, RandomNumberGenerator.GetBytes(JoinTokenText.SecretBytes), trust.Publishers.Select(p => p.KeyId));
        var wanted = new NewJoinToken(body.Kind == "region" ? EnrolledKind.Region : EnrolledKind.Node, body.Labels ?? new Dictionary<string, string>(), body.Uses ?? 1, TimeSpan.FromMinutes(body.TtlMinutes ?? 0), AdminGate.CallerOf(http));
        await audit.AppendAsync(wanted.By, AuditVerbs.TokenCreate, Convert.ToHexStringLower(id), "", $"{body.Kind}, {wanted.Uses} uses", "", cancellationToken);
        var (change, lost) = await StoreProblem.Guard(grains.GetFleetTrust(cell.Cell).CreateTokenAsync(wanted, Convert.ToHexStringLower(id), JoinTokenText.HashOf(token), cancellationToken), "The join token was not made");
        if (change is null) return lost!;
        if (change.Token is not { } made) return AdminProblem.Of(change.Failure!.Code == FailureCode.BadInput ? HttpStatusCode.BadRequest : HttpStatusCode.Conflict, change.Failure.Message);
        await ring.RefreshAsync(cancellationToken);
        http.Response.Headers.CacheControl = "no-store";
        return Results.Created($"/v1/join-tokens/{made.Id}", new NewJoinTokenView(token, JoinTokenView.Of(made)));
    }

    private static async Task<IResult> RevokeAsync(string id, HttpContext http, IGrainFactory grains, CellSettings cell, FleetTrustRing ring, FleetAudit audit, CancellationToken cancellationToken)
    {
        await audit.AppendAsync(AdminGate.CallerOf(http), AuditVerbs.TokenRevoke, id[..Math.Min(id.Length, Limits.NodeNameCharsMax)], "", "", "", cancellationToken);
        var (change, lost) = await StoreProblem.Guard(grains.GetFleetTrust(cell.Cell).RevokeTokenAsync(id, cancellationToken), "The join token is not known to be revoked");
        if (change is null) return lost!;
        if (change.Token is not { } revoked) return AdminProblem.Of(HttpStatusCode.NotFound, change.Failure!.Message);
        await ring.RefreshAsync(cancellationToken);
        return Results.Ok(JoinTokenView.Of(revoked));
    }
}

/// <param name="Kind">node or region.</param>
/// <param name="Labels">Given to each node that enrols with it.</param>
/// <param name="Uses">How many nodes it enrols; 1 when left out.</param>
/// <param name="TtlMinutes">60 when left out, at most 1440.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record NewJoinTokenBody(string Kind = "node", Dictionary<string, string>? Labels = null, int? Uses = null, int? TtlMinutes = null);

/// <param name="Token">The whole token. It is shown here and nowhere again.</param>
internal sealed record NewJoinTokenView(string Token, JoinTokenView About);

internal sealed record JoinTokenListView(IEnumerable<JoinTokenView> Tokens);

internal sealed record JoinTokenView(string Id, string Kind, IReadOnlyDictionary<string, string> Labels, int UsesLeft, DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset ExpiresAt, DateTimeOffset? RevokedAt)
{
    public static JoinTokenView Of(JoinToken t) => new(t.Id, t.Kind.ToString().ToLowerInvariant(), t.Labels, t.UsesLeft, t.CreatedAt, t.CreatedBy, t.ExpiresAt, t.RevokedAt);
}
