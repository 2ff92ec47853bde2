using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Domain.Ledger;

/// <summary>Which keys may be made, and how the cell's document changes. Pure.</summary>
/// <remarks>
/// Rules kept here:
/// <list type="bullet">
/// <item>A key has a tenant and at least one role; an expiry lies ahead.</item>
/// <item>Revoking is for good, and repeating it changes nothing.</item>
/// <item>Revisions only grow, past a forgotten document too: they are at least the time in milliseconds.</item>
/// <item>Keys that ended long ago make room; keys that are alive never do.</item>
/// </list>
/// </remarks>
public static class ApiKeyRules
{
    private const int TenantCharsMax = 64;

    /// <summary>Everything that is wrong with it, or null.</summary>
    public static InferenceFailure? Check(NewApiKey key, DateTimeOffset now)
    {
        var errors = new List<string>();
        if (!IsTenant(key.Tenant)) errors.Add($"tenant: expected 1 to {TenantCharsMax} letters, digits, '-', '_' or '.'; came '{Cut(key.Tenant)}'. Name who pays, for example 'default'.");
        if (key.Roles.Count == 0) errors.Add($"roles: expected at least one of {string.Join(", ", KeyRoles.AllNames)}.");
        if (key.Roles.Contains(KeyRoles.Node)) errors.Add("roles: no key can have the role 'node'; a node gets its credential when it enrols.");
        foreach (var role in key.Roles.Where(r => r != KeyRoles.Node && !KeyRoles.AllNames.Contains(r))) errors.Add($"roles: there is no role '{Cut(role)}'; use {string.Join(", ", KeyRoles.AllNames)}.{Meant(role)}");
        if (key.Label.Length > Limits.NameCharsMax || key.Label.Any(char.IsControl)) errors.Add($"label: expected at most {Limits.NameCharsMax} characters on one line.");
        if (key.ExpiresAt is { } end && end <= now) errors.Add($"expires_at: {end:O} has passed; it is {now:O}. Give a time ahead, or leave it out for a key that does not expire.");
        return errors.Count == 0 ? null : new InferenceFailure(FailureCode.BadInput, string.Join(' ', errors));
    }

    /// <param name="id">Of the new key, not in the document yet.</param>
    /// <param name="hash">Of the new key.</param>
    public static (ApiKeyDocument Document, ApiKeyChange Change) Add(ApiKeyDocument document, NewApiKey wanted, string id, string hash, DateTimeOffset now)
    {
        if (Check(wanted, now) is { } failure) return (document, new ApiKeyChange(null, failure));
        var kept = document.Keys.Where(key => !EndedLongAgo(key, now)).ToArray();
        if (kept.Length >= Limits.ApiKeysMax)
        {
            return (document, ApiKeyChange.Refused(FailureCode.TooLarge, $"This cell has {kept.Length} keys, which is the most it keeps. Revoke some: a revoked key makes room after {Limits.ApiKeyForgottenAfter.TotalDays:0} days."));
        }

        var roles = KeyRoles.AllNames.Where(wanted.Roles.Contains).ToArray();
        var made = new ApiKey(id, hash, wanted.Tenant, roles, wanted.Label, now, wanted.By, wanted.ExpiresAt, null, null);
        return (new ApiKeyDocument(NextRevision(document, now), [.. kept, made]), ApiKeyChange.Of(made));
    }

    public static (ApiKeyDocument Document, ApiKeyChange Change) Revoke(ApiKeyDocument document, string id, DateTimeOffset now)
    {
        var key = document.Keys.FirstOrDefault(k => k.Id == id);
        if (key is null) return (document, ApiKeyChange.Refused(FailureCode.BadInput, $"There is no key '{Cut(id)}'. GET /v1/keys lists those there are."));
        if (key.RevokedAt is not null) return (document, ApiKeyChange.Of(key));
        var revoked = key with { RevokedAt = now };
        return (new ApiKeyDocument(NextRevision(document, now), [.. document.Keys.Select(k => k.Id == id ? revoked : k)]), ApiKeyChange.Of(revoked));
    }

    /// <summary>The document with later uses noted; the revision stays, since nobody has to read keys again for that.</summary>
    public static ApiKeyDocument Note(ApiKeyDocument document, IReadOnlyList<ApiKeyUse> uses)
    {
        var latest = uses.GroupBy(use => use.Id).ToDictionary(group => group.Key, group => group.Max(use => use.At));
        return document with { Keys = [.. document.Keys.Select(key => latest.TryGetValue(key.Id, out var at) && !(key.LastUsedAt >= at) ? key with { LastUsedAt = at } : key)] };
    }

    private static long NextRevision(ApiKeyDocument document, DateTimeOffset now) => Math.Max(document.Revision + 1, now.ToUnixTimeMilliseconds());

    private static bool EndedLongAgo(ApiKey key, DateTimeOffset now) =>
        now - key.RevokedAt > Limits.ApiKeyForgottenAfter || now - key.ExpiresAt > Limits.ApiKeyForgottenAfter;

    private static bool IsTenant(string text) =>
        text.Length is > 0 and <= TenantCharsMax && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    private static string Meant(string role) => Spelling.Nearest(Cut(role).ToLowerInvariant(), KeyRoles.AllNames) is { } nearest ? $" Did you mean '{nearest}'?" : "";

    private static string Cut(string text) => text.Length <= TenantCharsMax ? text : text[..TenantCharsMax] + "…";
}
