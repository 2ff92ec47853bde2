namespace OrleansHybrid.Domain.Routing;

/// <summary>What a snapshot's pressure sheds: the first entries of the policy's list. Immutable; asked for each request.</summary>
internal sealed class ShedSet
{
    private readonly HashSet<string>? tenants;

    private ShedSet(IEnumerable<ShedItem> items)
    {
        foreach (var item in items)
        {
            Kinds |= item.Kind;
            if (item.Kind == ShedKinds.Tenant) (tenants ??= new HashSet<string>(StringComparer.Ordinal)).Add(item.Tenant);
        }
    }

    public static ShedSet Nothing { get; } = new([]);

    public ShedKinds Kinds { get; }

    /// <param name="pressure">How many entries, from the first, are shed.</param>
    public static ShedSet Of(IReadOnlyList<ShedItem> list, int pressure) => pressure <= 0 || list.Count == 0 ? Nothing : new ShedSet(list.Take(pressure));

    public bool Sheds(ShedKinds kind) => (Kinds & kind) != 0;

    public bool ShedsTenant(string tenant) => tenants is not null && tenants.Contains(tenant);
}
