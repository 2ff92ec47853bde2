namespace OrleansHybrid.Domain.Routing;

/// <summary>What a silo under pressure may leave out. Privacy, authentication and audit are not among them, so no policy can name them.</summary>
[Flags]
public enum ShedKinds : byte
{
    None = 0,

    /// <summary>Copies of requests to versions that are only watched.</summary>
    Mirror = 1,

    /// <summary>The explained plan inside an answer.</summary>
    Explain = 2,

    /// <summary>Asking a higher zone again after an unsure answer.</summary>
    Escalation = 4,

    /// <summary>A tenant's requests.</summary>
    Tenant = 8,
}

/// <summary>One entry of a policy's <c>shed</c> list: <c>mirror</c>, <c>explain</c>, <c>escalation</c> or <c>tenant:NAME</c>.</summary>
/// <param name="Tenant">Empty unless <paramref name="Kind"/> is <see cref="ShedKinds.Tenant"/>.</param>
public readonly record struct ShedItem(ShedKinds Kind, string Tenant)
{
    private const string TenantPrefix = "tenant:";
    private static readonly (string Word, ShedKinds Kind)[] Words =
        [("mirror", ShedKinds.Mirror), ("explain", ShedKinds.Explain), ("escalation", ShedKinds.Escalation)];

    public static bool TryParse(string text, out ShedItem item)
    {
        foreach (var (word, kind) in Words)
        {
            if (text != word) continue;
            item = new ShedItem(kind, "");
            return true;
        }

        var named = text.StartsWith(TenantPrefix, StringComparison.Ordinal) && text.Length > TenantPrefix.Length;
        item = named ? new ShedItem(ShedKinds.Tenant, text[TenantPrefix.Length..]) : default;
        return named;
    }

    /// <summary>As the policy writes it.</summary>
    public override string ToString()
    {
        if (Kind == ShedKinds.Tenant) return TenantPrefix + Tenant;
        foreach (var (word, kind) in Words)
        {
            if (kind == Kind) return word;
        }

        return "";
    }
}
