namespace OrleansHybrid.Domain.Routing;

/// <summary>Checks a policy's lists beside its rules: private tags, quotas and the shedding order.</summary>
internal static class PolicyLists
{
    private static readonly string[] ShedForms = ["mirror", "explain", "escalation", "tenant:<name>"];

    /// <summary>What protects people; asked for by name often enough to be told why not.</summary>
    private static readonly string[] NeverShed = ["privacy", "authentication", "audit"];

    public static void Check(PolicyConfig config, PolicyCheck check)
    {
        Bound("private_tags", config.PrivateTags.Count, Limits.PrivateTagsMax, check);
        Bound("quotas", config.Quotas.Count, Limits.QuotasPerPolicyMax, check);
        Bound("shed", config.Shed.Count, Limits.ShedMax, check);
        Once("private_tags", config.PrivateTags, check);
        for (var i = 0; i < config.PrivateTags.Count; i++) check.Text($"private_tags[{i}]", config.PrivateTags[i], "a tag's name", "Write one, or remove the entry");
        Once("shed", config.Shed, check);
        for (var i = 0; i < config.Shed.Count; i++) Shed($"shed[{i}]", config.Shed[i], check);
        var tenants = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < config.Quotas.Count; i++) Quota($"quotas[{i}]", config.Quotas[i], tenants, check);
    }

    /// <summary>The shedding order of a policy without errors.</summary>
    public static IReadOnlyList<ShedItem> Shed(PolicyConfig config) => [.. config.Shed.Select(text => ShedItem.TryParse(text, out var item) ? item : default)];

    private static void Bound(string place, int count, int max, PolicyCheck check)
    {
        if (count > max) check.Fail(place, $"0 to {max} items", $"{count}", "Correct the list");
    }

    private static void Once(string place, IReadOnlyList<string> items, PolicyCheck check)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i].Length > 0 && !seen.Add(items[i])) check.Fail($"{place}[{i}]", "each entry once", $"{PolicyCheck.Came(items[i])} a second time", "Remove one of the two");
        }
    }

    private static void Shed(string place, string item, PolicyCheck check)
    {
        if (ShedItem.TryParse(item, out _)) return;
        if (NeverShed.Contains(item)) check.Fail(place, "something that may degrade: mirror, explain, escalation or tenant:<name>", $"'{item}'", "Remove it: privacy, authentication and audit never degrade");
        else check.Word(place, item, ShedForms);
    }

    private static void Quota(string place, QuotaConfig quota, HashSet<string> tenants, PolicyCheck check)
    {
        check.Text(place + ".tenant", quota.Tenant, "the tenant that the quota limits", "Write tenant: <name>");
        check.Text(place + ".owner", quota.Owner, "who may change the quota", "Name the person or office");
        check.Range(place + ".requests_per_minute", quota.RequestsPerMinute, 0, Limits.RequestsPerMinuteMax);
        check.Range(place + ".money_per_day_microusd", quota.MoneyPerDayMicrousd, 0, Limits.MoneyMicrousdMax);
        if (quota.RequestsPerMinute is null && quota.MoneyPerDayMicrousd is null)
        {
            check.Fail(place + ".requests_per_minute", "requests_per_minute or money_per_day_microusd", "neither", "Say what the quota limits, or remove it");
        }

        if (quota.Tenant.Length > 0 && !tenants.Add(quota.Tenant)) check.Fail(place + ".tenant", "one quota a tenant", $"{PolicyCheck.Came(quota.Tenant)} a second time", "Join the two");
    }
}
