namespace OrleansHybrid.Domain.Nodes;

/// <summary>Which join tokens may be made and used, and how a cell's trust changes. Pure.</summary>
/// <remarks>
/// A token lives at most <see cref="Limits.JoinTokenLifetimeMax"/> and enrols a counted number of nodes. Revoking is for good. Whoever does not have the
/// whole secret is not told what became of the token.
/// </remarks>
public static class JoinTokenRules
{
    private const string NotOne = "The join token is not one of this cell. Ask an operator for one: POST /v1/join-tokens.";

    public static (FleetTrust Trust, JoinTokenChange Change) Add(FleetTrust trust, NewJoinToken wanted, string id, string hash, DateTimeOffset now)
    {
        if (Check(wanted) is { } wrong) return (trust, JoinTokenChange.Refused(FailureCode.BadInput, wrong));
        var kept = trust.Tokens.Where(t => now - Ended(t) <= Limits.JoinTokenForgottenAfter).ToArray();
        if (kept.Length >= Limits.JoinTokensMax)
        {
            return (trust, JoinTokenChange.Refused(FailureCode.TooLarge, $"This cell keeps at most {Limits.JoinTokensMax} join tokens. Ended ones make room after {Limits.JoinTokenForgottenAfter.TotalDays:0} days; one token can enrol up to {Limits.JoinTokenUsesMax} nodes."));
        }

        var lifetime = wanted.Lifetime == TimeSpan.Zero ? Limits.JoinTokenLifetime : wanted.Lifetime;
        var token = new JoinToken(id, hash, wanted.Kind, wanted.Labels, wanted.Uses, now, wanted.By, now + lifetime, null);
        return (FleetTrustRules.Next(trust with { Tokens = [.. kept, token] }, now), JoinTokenChange.Of(token));
    }

    public static (FleetTrust Trust, JoinTokenChange Change) Revoke(FleetTrust trust, string id, DateTimeOffset now)
    {
        if (trust.Tokens.FirstOrDefault(t => t.Id == id) is not { } token) return (trust, JoinTokenChange.Refused(FailureCode.BadInput, "There is no such join token. GET /v1/join-tokens lists those there are."));
        if (token.RevokedAt is not null) return (trust, JoinTokenChange.Of(token));
        return Replace(trust, token with { RevokedAt = now }, now);
    }

    /// <summary>The token with that id and hash, if it can enrol a node now.</summary>
    public static JoinTokenChange Judge(FleetTrust trust, string id, string hash, DateTimeOffset now)
    {
        if (trust.Tokens.FirstOrDefault(t => t.Id == id) is not { } token || !JoinTokenText.SameHash(hash, token.Hash)) return JoinTokenChange.Refused(FailureCode.Unauthenticated, NotOne);
        if (token.RevokedAt is { } revoked) return Ended(token, $"was revoked at {revoked:O}");
        if (token.ExpiresAt <= now) return Ended(token, $"expired at {token.ExpiresAt:O}");
        return token.UsesLeft > 0 ? JoinTokenChange.Of(token) : Ended(token, "has been used up");
    }

    /// <summary>Takes one use.</summary>
    public static (FleetTrust Trust, JoinTokenChange Change) Use(FleetTrust trust, string id, string hash, DateTimeOffset now)
    {
        var judged = Judge(trust, id, hash, now);
        return judged.Token is { } token ? Replace(trust, token with { UsesLeft = token.UsesLeft - 1 }, now) : (trust, judged);
    }

    private static (FleetTrust, JoinTokenChange) Replace(FleetTrust trust, JoinToken token, DateTimeOffset now) =>
        (FleetTrustRules.Next(trust with { Tokens = [.. trust.Tokens.Select(t => t.Id == token.Id ? token : t)] }, now), JoinTokenChange.Of(token));

    private static JoinTokenChange Ended(JoinToken token, string how) =>
        JoinTokenChange.Refused(FailureCode.Unauthenticated, $"The join token {token.Id} {how}. Ask an operator for a new one: POST /v1/join-tokens.");

    private static DateTimeOffset Ended(JoinToken token) => token.RevokedAt is { } revoked && revoked < token.ExpiresAt ? revoked : token.ExpiresAt;

    private static string? Check(NewJoinToken wanted)
    {
        var errors = new List<string>();
        if (wanted.Lifetime < TimeSpan.Zero || wanted.Lifetime > Limits.JoinTokenLifetimeMax) errors.Add($"ttl_minutes: expected 1 to {Limits.JoinTokenLifetimeMax.TotalMinutes:0}; leave it out for {Limits.JoinTokenLifetime.TotalMinutes:0}.");
        if (wanted.Uses is < 1 or > Limits.JoinTokenUsesMax) errors.Add($"uses: expected 1 to {Limits.JoinTokenUsesMax}, came {wanted.Uses}.");
        if (NodeReportRules.WrongLabels(wanted.Labels) is { } labels) errors.Add("labels: " + labels);
        return errors.Count == 0 ? null : string.Join(' ', errors);
    }
}
