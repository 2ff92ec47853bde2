namespace OrleansHybrid.Domain.Ledger;

/// <summary>Which tenants have a ledger in this cell. Asked when a silo meets a tenant, once a day, and by queries; never for a request.</summary>
[GenerateSerializer, Immutable, Alias("hybrid.ledger-tenants")]
public sealed record LedgerDirectory([property: Id(0)] IReadOnlyList<LedgerTenant> Tenants)
{
    public static LedgerDirectory Empty { get; } = new([]);

    /// <summary>All names with a ledger, the reserved ones among them.</summary>
    public IReadOnlyList<string> Names => [LedgerNames.Nobody, Routing.Caller.DefaultTenant, LedgerNames.Other, .. Tenants.Select(t => t.Tenant)];
}

/// <param name="Seen">When a silo last asked for it.</param>
[GenerateSerializer, Immutable, Alias("hybrid.ledger-tenant")]
public sealed record LedgerTenant([property: Id(0)] string Tenant, [property: Id(1)] DateTimeOffset Seen);

/// <summary>How the directory fills. Pure.</summary>
/// <remarks>A tenant that no silo asked for during <see cref="Limits.LedgerAgeMax"/> has no rows left and gives its place up. Beyond <see cref="Limits.TenantsMax"/> a new one is refused.</remarks>
public static class LedgerDirectoryRules
{
    public static (LedgerDirectory Next, IReadOnlyList<string> Refused) Admit(LedgerDirectory directory, IReadOnlyList<string> tenants, DateTimeOffset now)
    {
        var kept = directory.Tenants.Where(t => now - t.Seen <= Limits.LedgerAgeMax).ToDictionary(t => t.Tenant, StringComparer.Ordinal);
        var refused = new List<string>();
        foreach (var tenant in tenants.Where(t => !LedgerNames.IsReserved(t)))
        {
            if (kept.ContainsKey(tenant) || kept.Count < Limits.TenantsMax) kept[tenant] = new LedgerTenant(tenant, now);
            else refused.Add(tenant);
        }

        return (new LedgerDirectory(kept.Values.OrderBy(t => t.Tenant, StringComparer.Ordinal).ToArray()), refused);
    }
}
