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
    private readonly RuleValues set;

    internal CompiledRule(int index, RuleConfig config, RuleValues set, PrivacyCeiling? loosen, Zone? arrivedIn)
    {
        (Index, Id, Loosen, Because, Owner) = (index, config.Id, loosen, config.Because, config.Owner);
        this.set = set;
        Model = config.When.Model;
        tenant = config.When.Tenant;
        // One instance of a name for all rules, so that a name already looked up is known by its reference.
        tags = config.When.Tags?.Select(tag => KeyValuePair.Create(string.Intern(tag.Key), tag.Value)).ToArray() ?? [];
        bytesAbove = config.When.InputBytesAbove ?? -1;
        bytesBelow = config.When.InputBytesBelow ?? long.MaxValue;
        this.arrivedIn = arrivedIn;
    }

    public int Index { get; }

    public string Id { get; }

    /// <summary>Null: any model.</summary>
    public string? Model { get; }

    public RuleValues Set => set;

    /// <summary>The ceiling that takes the manifest's place for this rule's tenant; null: none.</summary>
    public PrivacyCeiling? Loosen { get; }

    public string Because { get; }

    public string Owner { get; }

    /// <summary>Names of the tags that the rule asks for.</summary>
    internal IEnumerable<string> TagNames => tags.Select(tag => tag.Key);

    internal ref readonly RuleValues Values => ref set;

    internal RuleCode Code => RuleCode.Policy(Index);

    /// <summary>Whether every condition holds. The model was matched by <see cref="CompiledPolicy.RulesFor"/>.</summary>
    internal bool Matches(in PlanRequest request, Zone here, ref TagMemo given)
    {
        if (request.InputBytes <= bytesAbove || request.InputBytes >= bytesBelow) return false;
        if (arrivedIn is { } zone && zone != here) return false;
        if (tenant is not null && !string.Equals(tenant, request.Caller.Tenant, StringComparison.Ordinal)) return false;
        foreach (var tag in tags)
        {
            if (!string.Equals(given.ValueOf(tag.Key), tag.Value, StringComparison.Ordinal)) return false;
        }

        return true;
    }
}

/// <summary>A request's tags, with the last one looked up: neighbouring rules often ask for the same name.</summary>
internal ref struct TagMemo(IReadOnlyDictionary<string, string> tags)
{
    private readonly bool none = tags.Count == 0;
    private string? lastName;
    private string? lastValue;

    /// <summary>Null when the request has no such tag.</summary>
    public string? ValueOf(string name)
    {
        if (none) return null;
        if (ReferenceEquals(name, lastName)) return lastValue;
        (lastName, lastValue) = (name, tags.GetValueOrDefault(name));
        return lastValue;
    }
}
