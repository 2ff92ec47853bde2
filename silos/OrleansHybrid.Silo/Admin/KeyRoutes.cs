using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Serialization;
using OrleansHybrid.Contracts;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Audit;
using OrleansHybrid.Domain.Ledger;
using OrleansHybrid.Gateway.Access;
using OrleansHybrid.Grains;
using OrleansHybrid.Grains.Ledger;
using OrleansHybrid.Silo.Audit;
using OrleansHybrid.Silo.Settings;

namespace OrleansHybrid.Silo.Admin;

/// <summary><c>/v1/keys</c>: making, listing and revoking API keys, for operators. A secret is in one answer, the one that makes it; neither grain nor store ever holds it.</summary>
internal static class KeyRoutes
{
    private const int IdCharsShown = 64;
    private static readonly AdminRight Operator = new(CallerRoles.Operator);

    public static void MapKeys(this IEndpointRouteBuilder admin)
    {
        admin.MapPost("/keys", CreateAsync).WithName("CreateKey").WithSummary("Makes an API key and shows its secret, once.").WithMetadata(Operator)
            .Accepts<NewKeyBody>("application/json").Produces<NewKeyView>(StatusCodes.Status201Created).Produces<AdminProblem>(StatusCodes.Status400BadRequest);
        admin.MapGet("/keys", async (IGrainFactory grains, CellSettings cell, CancellationToken cancellationToken) =>
                new KeyListView((await grains.GetApiKeys(cell.Cell).ListAsync(cancellationToken)).Select(KeyView.Of)))
            .WithName("ListKeys").WithSummary("The cell's API keys: whose they are, what they allow, when they were used last; never a secret or its hash.").WithMetadata(Operator);
        admin.MapDelete("/keys/{id}", RevokeAsync).WithName("RevokeKey").WithSummary("Ends an API key for good.").WithMetadata(Operator).Produces<KeyView>();
    }

    private static async Task<IResult> CreateAsync(
        HttpContext http, IGrainFactory grains, CellSettings cell, ApiKeyRing ring, AuditDesk audit, [FromKeyedServices(HybridClock.Key)] TimeProvider clock, CancellationToken cancellationToken)
    {
        var (body, refusal) = await AdminBody.ReadAsync<NewKeyBody>(http, cancellationToken);
        if (body is null) return refusal!;
        var id = RandomNumberGenerator.GetBytes(ApiKeyText.IdBytes);
        var key = ApiKeyText.Write(id, RandomNumberGenerator.GetBytes(ApiKeyText.SecretBytes));
        var wanted = new NewApiKey(body.Tenant ?? "", body.Roles ?? [], body.Label ?? "", body.ExpiresAt, AdminGate.CallerOf(http));
        if (ApiKeyRules.Check(wanted, clock.GetUtcNow()) is { } wrong) return AdminProblem.Of(HttpStatusCode.BadRequest, wrong.Message);
        var entry = AuditDesk.ChangeOf(http, AuditVerbs.KeyCreate, "key " + Convert.ToHexStringLower(id), "", Describe(wanted));
        if (await audit.WriteAsync(entry, "The key was not made", cancellationToken) is { } unwritten) return unwritten;
        var (change, lost) = await StoreProblem.Guard(grains.GetApiKeys(cell.Cell).CreateAsync(wanted, Convert.ToHexStringLower(id), ApiKeyText.HashOf(key), cancellationToken), "The key was not made");
        if (change?.Key is null) await audit.NotMadeAsync(entry, change?.Failure?.Message ?? "the store did not answer");
        if (change is null) return lost!;
        if (change.Key is not { } made) return AdminProblem.Of(change.Failure!.Code == FailureCode.BadInput ? HttpStatusCode.BadRequest : HttpStatusCode.Conflict, change.Failure.Message);
        await ring.RefreshAsync(cancellationToken);
        http.Response.Headers.CacheControl = "no-store";
        return Results.Created($"/v1/keys/{made.Id}", NewKeyView.Of(made, key));
    }

    private static async Task<IResult> RevokeAsync(string id, HttpContext http, IGrainFactory grains, CellSettings cell, ApiKeyRing ring, AuditDesk audit, CancellationToken cancellationToken)
    {
        var (list, unread) = await StoreProblem.Guard(grains.GetApiKeys(cell.Cell).ListAsync(cancellationToken), "The key was not revoked");
        if (list is null) return unread!;
        if (list.FirstOrDefault(k => k.Id == id) is not { } known) return AdminProblem.Of(HttpStatusCode.NotFound, $"There is no key '{(id.Length <= IdCharsShown ? id : id[..IdCharsShown] + "…")}'. GET /v1/keys lists those there are.");
        if (known.RevokedAt is not null) return Results.Ok(KeyView.Of(known));
        var entry = AuditDesk.ChangeOf(http, AuditVerbs.KeyRevoke, "key " + id, Describe(known), "revoked");
        if (await audit.WriteAsync(entry, "The key was not revoked", cancellationToken) is { } unwritten) return unwritten;
        var (change, lost) = await StoreProblem.Guard(grains.GetApiKeys(cell.Cell).RevokeAsync(id, cancellationToken), "The key is not known to be revoked");
        if (change?.Key is null) await audit.NotMadeAsync(entry, change?.Failure?.Message ?? "the store did not answer, so that this is not certain");
        if (change is null) return lost!;
        if (change.Key is not { } revoked) return AdminProblem.Of(HttpStatusCode.NotFound, change.Failure!.Message);
        await ring.RefreshAsync(cancellationToken);
        return Results.Ok(KeyView.Of(revoked));
    }

    private static string Describe(NewApiKey key) => Describe(key.Tenant, key.Roles, key.ExpiresAt, key.Label);

    private static string Describe(ApiKey key) => Describe(key.Tenant, key.Roles, key.ExpiresAt, key.Label);

    private static string Describe(string tenant, IReadOnlyList<string> roles, DateTimeOffset? expires, string label) =>
        $"tenant {tenant}, roles {string.Join(' ', roles)}, {(expires is { } at ? $"until {at.ToUniversalTime():O}" : "without expiry")}{(label.Length > 0 ? $", label {label}" : "")}";
}

/// <param name="Tenant">Who pays.</param>
/// <param name="Roles">viewer, infer, operator, approver.</param>
/// <param name="Label">For people: what the key is for.</param>
/// <param name="ExpiresAt">Null: never.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record NewKeyBody(string? Tenant, IReadOnlyList<string>? Roles, string? Label = null, DateTimeOffset? ExpiresAt = null);

/// <param name="Key">The whole key. It is shown here and nowhere again.</param>
internal sealed record NewKeyView(string Id, string Key, string Tenant, IReadOnlyList<string> Roles, string Label, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt)
{
    public static NewKeyView Of(ApiKey key, string secret) => new(key.Id, secret, key.Tenant, key.Roles, key.Label, key.CreatedAt, key.ExpiresAt);
}

internal sealed record KeyListView(IEnumerable<KeyView> Keys);

/// <param name="LastUsedAt">To the minute; null when it was not used yet.</param>
internal sealed record KeyView(
    string Id, string Tenant, IReadOnlyList<string> Roles, string Label, DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt, DateTimeOffset? LastUsedAt)
{
    public static KeyView Of(ApiKey key) => new(key.Id, key.Tenant, key.Roles, key.Label, key.CreatedAt, key.CreatedBy, key.ExpiresAt, key.RevokedAt, key.LastUsedAt);
}
