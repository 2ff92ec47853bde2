namespace OrleansHybrid.Domain.Routing;

/// <summary>The built-in rules. Their ids are the lower-case names, from one table: <see cref="BuiltInRules"/>.</summary>
public enum BuiltInRule : short
{
    Ceiling = 1,
    Mode,
    Offline,
    Cut,
    Cooldown,
    Unlinked,
    Capability,
    Unloaded,
    Hop,
    Memory,
    Quota,
    Latency,
    Battery,
    Cost,
    Floor,
    Hard,
    Objective,
    Only,
    Draining,
    Metered,
    Updates,
    Shed,
}

/// <summary>A rule as plans hold it: nothing, a built-in rule, or a policy's rule by its place. Two bytes; ids and sentences are rendered when asked for.</summary>
public readonly record struct RuleCode(short Value)
{
    public static RuleCode None => default;

    public bool IsNone => Value == 0;

    /// <summary>The place in <see cref="CompiledPolicy.Rules"/>, or -1.</summary>
    public int PolicyIndex => Value > 0 ? Value - 1 : -1;

    public bool Is(BuiltInRule rule) => Value == -(short)rule;

    public BuiltInRule BuiltIn => (BuiltInRule)(-Value);

    public static RuleCode Policy(int index) => new((short)(index + 1));

    /// <summary>This rule, or the built-in one where no policy rule decided.</summary>
    public RuleCode Or(BuiltInRule rule) => IsNone ? rule : this;

    public static implicit operator RuleCode(BuiltInRule rule) => new((short)-(short)rule);
}

/// <summary>Ids and general sentences of the built-in rules.</summary>
public static class BuiltInRules
{
    private static readonly (string Id, string Sentence)[] Table =
    [
        ("", ""),
        ("ceiling", "The privacy ceiling keeps raw input out of this zone."),
        ("mode", "The mode orders or excludes this zone."),
        ("offline", "Nothing in this zone can be reached: its link is down."),
        ("cut", "The link to this zone was cut on purpose for a trial."),
        ("cooldown", "The link to this zone failed moments ago and is being probed."),
        ("unlinked", "No link to a cell in this zone is configured."),
        ("capability", "The version has no variant for this zone."),
        ("unloaded", "The version's variant for this zone is not loaded on any silo of this cell."),
        ("hop", "The request already passed that cell, or has passed as many as it may."),
        ("memory", "No variant for this zone fits this host's memory."),
        ("quota", "The tenant has used up its quota."),
        ("latency", "The predicted p95 of zone and link decides against the latency target."),
        ("battery", "The battery is low, so this device answers last."),
        ("cost", "The predicted cost is above the request's limit."),
        ("floor", "Answers below the confidence floor go one zone up."),
        ("hard", "A signal says that the input is hard, so the highest zone answers first."),
        ("objective", "The objective puts this zone here in the order."),
        ("only", "No other zone is eligible."),
        ("draining", "This silo is stopping and takes nothing new."),
        ("metered", "The link is metered and the input large, so this zone comes last unless the mode asks for it."),
        ("updates", "The version changes so often that copies below are the first to be stale, so the highest zone answers first."),
        ("shed", "This silo is under pressure, and the policy sheds this first."),
    ];

    public static IEnumerable<string> AllIds => Table.Skip(1).Select(row => row.Id);

    public static string Id(BuiltInRule rule) => Table[(int)rule].Id;

    public static string Sentence(BuiltInRule rule) => Table[(int)rule].Sentence;

    /// <summary>Rules that describe a state which passes: an answer from elsewhere because of them is degraded.</summary>
    public static bool IsTransient(RuleCode rule) => rule.PolicyIndex < 0 && rule.BuiltIn
        is BuiltInRule.Offline or BuiltInRule.Cut or BuiltInRule.Cooldown or BuiltInRule.Unloaded or BuiltInRule.Memory;
}
