namespace OrleansHybrid.Domain.Nodes;

/// <summary>A region that an operator shut out.</summary>
/// <param name="ReadmittedAt">When it enrolled anew; null: it did not, and is refused whatever it shows.</param>
[GenerateSerializer, Immutable, Alias("hybrid.region-revocation")]
public sealed record RegionRevocation(
    [property: Id(0)] string Region,
    [property: Id(1)] DateTimeOffset RevokedAt,
    [property: Id(2)] DateTimeOffset? ReadmittedAt);

/// <summary>Which regions are shut out, and which of their certificates. Pure.</summary>
/// <remarks>
/// A certificate cannot be taken back, so its name is refused. Enrolling anew lets the name in again, and still no certificate that is older than the
/// revocation: that is the one that was lost.
/// </remarks>
public static class RegionRevocationRules
{
    /// <summary>Shuts a region out, with the serial of its credential; repeating it changes nothing.</summary>
    /// <param name="serial">Empty: it never enrolled.</param>
    public static (FleetTrust Trust, InferenceFailure? Failure) Revoke(FleetTrust trust, string region, string serial, DateTimeOffset now)
    {
        if (!NodeNames.IsName(region)) return (trust, new InferenceFailure(FailureCode.BadInput, $"That is no name of a region. {NodeNames.Rule}"));
        var before = Find(trust, region);
        if (before is null && (trust.Revocations?.Count ?? 0) >= Limits.RegionsMax) return (trust, new InferenceFailure(FailureCode.TooLarge, $"This cell remembers {Limits.RegionsMax} regions that were shut out and can take no more, since a forgotten one would be let in again."));
        if (serial.Length > 0)
        {
            (trust, var full) = FleetTrustRules.Revoke(trust, serial, now);
            if (full is not null) return (trust, full);
        }

        return before is { ReadmittedAt: null } ? (trust, null) : (With(trust, new RegionRevocation(region, now, null), now), null);
    }

    /// <summary>Lets a region in again, since it enrolled anew.</summary>
    public static FleetTrust Readmit(FleetTrust trust, string region, DateTimeOffset now) =>
        Find(trust, region) is { ReadmittedAt: null } revoked ? With(trust, revoked with { ReadmittedAt = now }, now) : trust;

    public static bool IsRevoked(FleetTrust trust, string region) => Find(trust, region) is { ReadmittedAt: null };

    /// <summary>Whether a certificate that names the region is refused.</summary>
    /// <param name="madeAt">From when on it is valid.</param>
    public static bool IsRevoked(FleetTrust trust, string region, DateTimeOffset madeAt) =>
        Find(trust, region) is { } revoked && (revoked.ReadmittedAt is null || madeAt < revoked.RevokedAt);

    private static RegionRevocation? Find(FleetTrust trust, string region) => trust.Revocations?.FirstOrDefault(r => r.Region == region);

    private static FleetTrust With(FleetTrust trust, RegionRevocation revocation, DateTimeOffset now) =>
        FleetTrustRules.Next(trust with { Revocations = [.. (trust.Revocations ?? []).Where(r => r.Region != revocation.Region), revocation] }, now);
}
