using OrleansHybrid.Domain.Routing;

namespace OrleansHybrid.Domain.Ledger;

/// <summary>Names that the ledger itself gives. A tenant or model that calls itself so is booked under <see cref="Other"/>.</summary>
public static class LedgerNames
{
    /// <summary>Who pays for what no tenant caused: loaded models that wait.</summary>
    public const string Nobody = "-";

    /// <summary>Tenants beyond <see cref="Limits.TenantsMax"/>, and models of rows that were merged for want of room.</summary>
    public const string Other = "other";

    /// <summary>A model that the repository does not know: callers cannot make rows.</summary>
    public const string UnknownModel = "unknown";

    /// <summary>Tenants that need no place in the directory.</summary>
    public static bool IsReserved(string tenant) => tenant is Nobody or Other or Caller.DefaultTenant;

    /// <summary>Under which name a caller's requests are booked.</summary>
    public static string OfTenant(string tenant) => tenant switch
    {
        "" => Caller.DefaultTenant,
        Nobody => Other,
        _ => tenant,
    };
}
