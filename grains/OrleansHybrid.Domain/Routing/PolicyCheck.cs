using OrleansHybrid.Domain.Privacy;

namespace OrleansHybrid.Domain.Routing;

/// <summary>Checks single values of a policy and collects every error with its place and remedy.</summary>
internal sealed class PolicyCheck
{
    public List<PolicyError> Errors { get; } = [];

    public void Fail(string place, string problem, string remedy) => Errors.Add(new PolicyError(place, problem, remedy));

    public void NotNegative(string place, double value)
    {
        if (!double.IsFinite(value) || value < 0) Fail(place, $"{value} is not a price.", "Write a number from 0.");
    }

    public void RuleId(string place, string id, HashSet<string> seen)
    {
        if (id.Length == 0 || !char.IsAsciiLetterUpper(id[0]) || !id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        {
            Fail(place, $"'{id}' is not a rule id.", "Begin with a capital and use letters, digits, '-' and '_', for example R01.");
        }
        else if (!seen.Add(id))
        {
            Fail(place, $"'{id}' is used twice.", "Give each rule its own id.");
        }
    }

    public RuleValues Values(string place, RuleSetConfig set)
    {
        if (set.LatencyTargetMs is <= 0) Fail(place + ".latency_target_ms", $"{set.LatencyTargetMs} is not a target.", "Write milliseconds from 1.");
        if (set.MaxCostMicrousd is < 0) Fail(place + ".max_cost_microusd", $"{set.MaxCostMicrousd} is not a cost.", "Write micro-USD from 0.");
        if (set.ConfidenceFloor is { } floor && !(floor is >= 0 and <= 1)) Fail(place + ".confidence_floor", $"{floor} is not a floor.", "Write a number in [0, 1].");
        return new RuleValues(
            set.Privacy is { } privacy ? Ceiling(place + ".privacy", privacy) : null,
            set.Mode is { } mode ? Mode(place + ".mode", mode) : null,
            set.Objective is { } objective ? Objective(place + ".objective", objective) : null,
            set.LatencyTargetMs,
            set.MaxCostMicrousd,
            set.ConfidenceFloor);
    }

    public PrivacyCeiling? Ceiling(string place, string text)
    {
        if (PrivacyCeilings.TryParse(text, out var ceiling)) return ceiling;
        Fail(place, $"'{text}' is not a privacy ceiling.", Allowed(PrivacyCeilings.AllNames));
        return null;
    }

    public Zone? Zone(string place, string text)
    {
        if (Zones.TryParse(text, out var zone)) return zone;
        Fail(place, $"'{text}' is not a zone.", Allowed(Zones.AllNames));
        return null;
    }

    public void Bytes(string place, RuleWhenConfig when)
    {
        if (when.InputBytesAbove is < 0) Fail(place + ".input_bytes_above", $"{when.InputBytesAbove} is not a size.", "Write bytes from 0.");
        if (when.InputBytesBelow is <= 0) Fail(place + ".input_bytes_below", $"{when.InputBytesBelow} is not a size.", "Write bytes from 1.");
        if (when.InputBytesAbove is { } above && when.InputBytesBelow is { } below && above >= below - 1)
        {
            Fail(place, $"No size is above {above} and below {below}.", "Make input_bytes_below the larger one.");
        }
    }

    public void Quota(string place, QuotaConfig quota)
    {
        if (quota.Tenant.Length == 0) Fail(place + ".tenant", "The quota names no tenant.", "Write tenant: <name>.");
        if (quota.Owner.Length == 0) Fail(place + ".owner", "The quota has no owner.", "Name the person or office that can change it.");
        if (quota.RequestsPerMinute is null && quota.MoneyPerDayMicrousd is null) Fail(place, "The quota limits nothing.", "Give requests_per_minute or money_per_day_microusd.");
        if (quota.RequestsPerMinute is < 0) Fail(place + ".requests_per_minute", $"{quota.RequestsPerMinute} is not a rate.", "Write a number from 0.");
        if (quota.MoneyPerDayMicrousd is < 0) Fail(place + ".money_per_day_microusd", $"{quota.MoneyPerDayMicrousd} is not a sum.", "Write micro-USD from 0.");
    }

    private RouteMode? Mode(string place, string text)
    {
        if (RouteModes.TryParse(text, out var mode)) return mode;
        Fail(place, $"'{text}' is not a mode.", Allowed(RouteModes.AllNames));
        return null;
    }

    private RouteObjective? Objective(string place, string text)
    {
        if (RouteObjectives.TryParse(text, out var objective)) return objective;
        Fail(place, $"'{text}' is not an objective.", Allowed(RouteObjectives.AllNames));
        return null;
    }

    private static string Allowed(IReadOnlyList<string> names) => $"Use one of {string.Join(", ", names)}.";
}
