using System.Globalization;

namespace OrleansHybrid.Domain.Nodes;

/// <summary>What a certificate is good for. Pure: whether it chains to an authority is found out by whoever holds it.</summary>
/// <remarks>
/// Rules kept here:
/// <list type="bullet">
/// <item>A certificate counts from its first to its last second, by the cell's clock, and for the use it was made for.</item>
/// <item>As a credential the subject's CN is the name of the region that shows it, where it is a name that a region can have.</item>
/// <item>A certificate with <c>OU=node</c> is a box's: it opens the connection and is no credential, since a box has one from enrolling.</item>
/// </list>
/// </remarks>
public static class CertificateRules
{
    /// <summary>Unit of the subject by which a certificate is a node's.</summary>
    public const string NodeUnit = "node";

    /// <summary>Null: it may be used so, now. Else why not, as the end of a sentence that begins with the certificate.</summary>
    public static string? WhyNot(CertificateFacts facts, CertificateUse use, DateTimeOffset now)
    {
        if (now < facts.NotBefore) return $"is not valid before {Moment(facts.NotBefore)}; it is {Moment(now)} here";
        if (now > facts.NotAfter) return $"expired at {Moment(facts.NotAfter)}; it is {Moment(now)} here";
        if (use.HasFlag(CertificateUse.Server) && !facts.ForServers) return "is not made for servers: its extended key usage lacks serverAuth";
        if (use.HasFlag(CertificateUse.Client) && !facts.ForClients) return "is not made for clients: its extended key usage lacks clientAuth";
        return null;
    }

    /// <summary>Whether it should have been renewed by now: a fifth of its life is left, and no more than <see cref="Limits.CertificateExpiresSoon"/>.</summary>
    public static bool ExpiresSoon(DateTimeOffset notBefore, DateTimeOffset notAfter, DateTimeOffset now)
    {
        var fifth = (notAfter - notBefore) / 5;
        return notAfter - now <= (fifth < Limits.CertificateExpiresSoon ? fifth : Limits.CertificateExpiresSoon);
    }

    /// <summary>The region that the holder acts as; null: the certificate names none.</summary>
    public static string? RegionOf(CertificateFacts facts) =>
        NodeNames.IsName(facts.CommonName) && !facts.Units.Contains(NodeUnit, StringComparer.OrdinalIgnoreCase) ? facts.CommonName : null;

    /// <summary>The names in a sentence.</summary>
    public static string NamesOf(CertificateFacts facts) => facts.Names.Count == 0 ? "no host" : string.Join(", ", facts.Names);

    public static string Moment(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
