namespace OrleansHybrid.Domain.Nodes;

/// <summary>How a cell's trust in its nodes changes. Pure.</summary>
public static class FleetTrustRules
{
    public const int KeyBytes = 32;

    /// <summary>The document under its next revision: at least the time in milliseconds, so that it grows past a forgotten document too.</summary>
    public static FleetTrust Next(FleetTrust trust, DateTimeOffset now) => trust with { Revision = Math.Max(trust.Revision + 1, now.ToUnixTimeMilliseconds()) };

    /// <summary>Takes the fleet key where there is none. A key is never replaced: every credential would be void.</summary>
    public static FleetTrust WithKey(FleetTrust trust, byte[] key, DateTimeOffset now) => trust.FleetKey.Length > 0 ? trust : Next(trust with { FleetKey = key }, now);

    /// <summary>Ends a credential for good; repeating it changes nothing.</summary>
    public static (FleetTrust Trust, InferenceFailure? Failure) Revoke(FleetTrust trust, string serial, DateTimeOffset now)
    {
        if (trust.RevokedSerials.Contains(serial)) return (trust, null);
        if (trust.RevokedSerials.Count >= Limits.RevokedSerialsMax)
        {
            return (trust, new InferenceFailure(FailureCode.TooLarge, $"This cell remembers {Limits.RevokedSerialsMax} revoked credentials and can take no more, since a forgotten one would be good again. Set the cell up anew with a new fleet key and enrol its nodes again."));
        }

        return (Next(trust with { RevokedSerials = [.. trust.RevokedSerials, serial] }, now), null);
    }

    /// <summary>Notes a region's name.</summary>
    public static (FleetTrust Trust, InferenceFailure? Failure) Know(FleetTrust trust, string region, DateTimeOffset now)
    {
        if (trust.Regions.Contains(region)) return (trust, null);
        if (!NodeNames.IsName(region)) return (trust, new InferenceFailure(FailureCode.BadInput, $"'{region[..Math.Min(region.Length, Limits.NodeNameCharsMax)]}' is no name of a region. {NodeNames.Rule}"));
        if (trust.Regions.Count >= Limits.RegionsMax) return (trust, new InferenceFailure(FailureCode.TooLarge, $"This cell knows {Limits.RegionsMax} regions and takes no more."));
        return (Next(trust with { Regions = [.. trust.Regions.Append(region).Order(StringComparer.Ordinal)] }, now), null);
    }
}
