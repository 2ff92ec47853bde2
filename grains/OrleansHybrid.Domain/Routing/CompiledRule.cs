using OrleansHybrid.Domain.Privacy;

namespace OrleansHybrid.Domain.Routing;

/// <summary>What a rule or the defaults set; null where they say nothing.</summary>
public readonly record struct RuleValues(
    PrivacyCeiling? Privacy,
    RouteMode? Mode,
    RouteObjective? Objective,
    long? LatencyTargetMs,
    long? MaxCostMicrousd,
    double? ConfidenceFloor);

/// <summary>One checked rule.</summary>
public sealed class CompiledRule
{
    private readonly string? tenant;
    private readonly KeyValuePair<string, string>[] tags;
    private readonly long bytesAbove;
    private readonly long bytesBelow;
    private readonly Zone? arrivedIn;

    internal CompiledRule(int index, RuleConfig config, RuleValues set, PrivacyCeiling? loosen, Zone? arrivedIn)
    {
        (Index, Id, Set, Loosen, Because, Owner) = (index, config.Id, set, loosen, config.Because, config.Owner);
        Model = config.When.Model;
        tenant = config.When.Tenant;
        tags = config.When.Tags?.ToArray() ?? [];
        bytesAbove = config.When.InputBytesAbove ?? -1;
        bytesBelow = config.When.InputBytesBelow ?? long.MaxValue;
        this.arrivedIn = arrivedIn;
    }

    public int Index { get; }

    public string Id { get; }

    /// <summary>Null: any model.</summary>
    public string? Model { get; }

    public RuleValues Set { get; }

    /// <summary>The ceiling that takes the manifest's place for this rule's tenant; null: none.</summary>
    public PrivacyCeiling? Loosen { get; }

    public string Because { get; }

    public string Owner { get; }

    internal RuleCode Code => RuleCode.Policy(Index);

    /// <summary>Whether every condition holds. The model was matched by <see cref="CompiledPolicy.RulesFor"/>.</summary>
    internal bool Matches(in PlanRequest request, Zone here)
    {
        if (request.InputBytes <= bytesAbove || request.InputBytes >= bytesBelow) return false;
        if (arrivedIn is { } zone && zone != here) return false;
        if (tenant is not null && !string.Equals(tenant, request.Caller.Tenant, StringComparison.Ordinal)) return false;
        return tags.Length == 0 || TagsMatch(request.Parameters.Tags);
    }

    private bool TagsMatch(IReadOnlyDictionary<string, string> given)
    {
        if (given.Count < tags.Length) return false;
        foreach (var tag in tags)
        {
            if (!given.TryGetValue(tag.Key, out var value) || !string.Equals(value, tag.Value, StringComparison.Ordinal)) return false;
        }

        return true;
    }
}
