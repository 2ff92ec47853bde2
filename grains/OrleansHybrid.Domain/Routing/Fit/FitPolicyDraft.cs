using OrleansHybrid.Domain.Privacy;

namespace OrleansHybrid.Domain.Routing.Fit;

/// <summary>A policy that makes the router do what the worksheet says: the current one whole, with the feature's rules first.</summary>
/// <param name="Zones">Which may answer.</param>
/// <param name="EntersIn">Where the app sends its requests: the device when it may answer, else the lowest cell.</param>
public sealed record FitPolicyDraft(PolicyConfig Policy, IReadOnlyList<Zone> Zones, Zone EntersIn);

/// <summary>Writes the draft and tries it with the planner before it is handed out. Pure.</summary>
/// <remarks>
/// Rules kept here:
/// <list type="bullet">
/// <item>A zone that the matrix removed is in no attempt, from whatever zone the request arrives in: a mode or a ceiling excludes it, since a preference would keep it as the last fallback.</item>
/// <item>The feature's rules come first, since the first rule that sets a mode, objective or target wins; ceilings and cost limits are the lowest of all anyway.</item>
/// <item>Prices, quotas, tags, defaults and every other rule of the current policy stay; rules of an earlier draft for the feature's model are replaced.</item>
/// </list>
/// </remarks>
internal sealed class FitDrafter(FitTrial trial, FitAnswers answers, FitMatrix matrix, PolicyConfig current, string model)
{
    private const string DefaultPolicy = "farm";

    /// <summary>Null when no zone is left.</summary>
    public FitPolicyDraft? Make()
    {
        Zone[] kept = [.. Enum.GetValues<Zone>().Where(matrix.Keeps)];
        foreach (var zones in Choices(kept))
        {
            var draft = new FitPolicyDraft(Write(zones), zones, EntersIn(zones));
            if (PolicyCompiler.Compile(draft.Policy).Policy is { } policy && Holds(draft, policy)) return draft;
        }

        return null;
    }

    /// <summary>All that are left together, else one of them: a rule cannot name device and cloud and leave the edge between them out.</summary>
    private IEnumerable<Zone[]> Choices(Zone[] kept)
    {
        if (kept.Length == 0) yield break;
        yield return kept;
        foreach (var zone in answers.Sacred == SacredPriority.Delivery ? kept.Reverse() : kept) yield return [zone];
    }

    private bool Holds(FitPolicyDraft draft, CompiledPolicy policy)
    {
        for (var arrived = answers.ArrivesIn; arrived <= Zone.Cloud; arrived++)
        {
            var plan = trial.Decide(arrived, policy);
            if (arrived == draft.EntersIn && plan.AttemptCount == 0) return false;
            for (var i = 0; i < plan.AttemptCount; i++)
            {
                if (!draft.Zones.Contains(plan.Attempt(i).Candidate.Zone)) return false;
            }
        }

        return true;
    }

    private Zone EntersIn(Zone[] zones)
    {
        var lowest = zones.Contains(Zone.Device) ? Zone.Device : Zone.Edge;
        return lowest > answers.ArrivesIn ? lowest : answers.ArrivesIn;
    }

    private PolicyConfig Write(Zone[] zones)
    {
        var others = Others(current, model);
        return current with
        {
            Policy = current.Policy.Length > 0 ? current.Policy : DefaultPolicy,
            Revision = current.Revision + 1,
            Rules = [.. Rules(zones, Unused(Prefix(model), others)), .. others],
        };
    }

    /// <summary>The rules in force without those of an earlier draft for the model.</summary>
    public static RuleConfig[] Others(PolicyConfig current, string model) =>
        [.. current.Rules.Where(r => !(r.When.Model == model && r.Id.StartsWith(Prefix(model), StringComparison.Ordinal)))];

    private static string Prefix(string model) => "Fit-" + string.Concat(model.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '-'));

    private IEnumerable<RuleConfig> Rules(Zone[] zones, string id)
    {
        if (Detour(zones, Zone.Device) is { } past) yield return Rule(id + "-device", Zone.Device, new RuleSetConfig(Mode: past.WireName()), "The device hands on what it may not answer: " + Because(zones));
        if (Detour(zones, Zone.Edge) is { } up) yield return Rule(id + "-edge", Zone.Edge, new RuleSetConfig(Mode: up.WireName()), "The edge hands on what it may not answer: " + Because(zones));
        yield return Rule(id, null, General(zones), Because(zones));
    }

    /// <summary>The mode of a zone that only hands on; null where the general rule is enough.</summary>
    private RouteMode? Detour(Zone[] zones, Zone arrived)
    {
        if (zones.Length < 2 || zones.Contains(arrived) || arrived < answers.ArrivesIn) return null;
        return arrived == Zone.Device ? RouteMode.OnlyEdge : RouteMode.OnlyInCloud;
    }

    private RuleSetConfig General(Zone[] zones)
    {
        var ceiling = PrivacyCeilings.Lowest(answers.Ceiling, (PrivacyCeiling)(int)zones.Max());
        var (mode, objective) = zones switch
        {
            [Zone.Device] => (RouteMode.OnlyOnDevice, (RouteObjective?)null),
            [Zone.Edge] => (RouteMode.OnlyEdge, null),
            [Zone.Cloud] => (RouteMode.OnlyInCloud, null),
            _ => Preferred,
        };
        return new RuleSetConfig(
            ceiling == PrivacyCeiling.Any ? null : ceiling.WireName(), mode.WireName(), objective?.WireName(), answers.LatencyTargetMs, answers.MaxCostMicrousd);
    }

    /// <summary>What the sacred priority means where several zones may answer.</summary>
    private (RouteMode Mode, RouteObjective? Objective) Preferred => answers.Sacred switch
    {
        SacredPriority.Latency => (RouteMode.Auto, RouteObjective.Latency),
        SacredPriority.Cost => (RouteMode.Auto, RouteObjective.Cost),
        SacredPriority.Delivery => (RouteMode.PreferInCloud, null),
        _ => (RouteMode.Auto, RouteObjective.Balanced),
    };

    private string Because(Zone[] zones)
    {
        var removed = Enum.GetValues<Zone>().Except(zones)
            .Select(z => matrix.Keeps(z) ? $"{z.WireName()} is not used" : $"{z.WireName()} is out by {string.Join(", ", matrix.Against(z).Select(r => r.Id))}").ToArray();
        var may = $"{FitText.List(zones.Select(z => z.WireName()))} may answer";
        return $"Fit of {answers.Feature}: {string.Join("; ", removed.Prepend(may))}.";
    }

    private RuleConfig Rule(string id, Zone? arrived, RuleSetConfig set, string because) => new()
    {
        Id = id,
        When = new RuleWhenConfig(Model: model, ArrivedIn: arrived?.WireName()),
        Set = set,
        Because = because,
        Owner = answers.Owner,
    };

    /// <summary>An id that no other rule begins with: two models may differ only in characters that an id cannot have.</summary>
    public static string Unused(string prefix, RuleConfig[] others)
    {
        var id = prefix;
        for (var i = 2; others.Any(r => r.Id == id || r.Id == id + "-device" || r.Id == id + "-edge"); i++) id = string.Create(null, $"{prefix}-{i}");
        return id;
    }
}
