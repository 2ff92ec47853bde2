namespace OrleansHybrid.Domain.Routing;

/// <summary>Adds up a replay.</summary>
internal sealed class ReplayTally(CompiledPolicy policy, int examplesMax)
{
    private static readonly string[] Grave = ["ceiling_laxer", "crossing_new", "refusal_new", "refusal_gone", "crossing_gone", "ceiling_stricter", "zone", "reason"];
    private static readonly string[] Rows = [.. Domain.Zones.AllNames, "refused", "failed"];

    private readonly Dictionary<NotReplayed, int> skipped = [];
    private readonly List<(double Weight, ReplayWalk Before, ReplayWalk After)> walks = [];
    private readonly Dictionary<string, double> changes = Grave.ToDictionary(what => what, _ => 0d);
    private readonly List<ReplayExample>[] examples = [.. Grave.Select(_ => new List<ReplayExample>())];
    private double changed;

    public void Skip(NotReplayed why) => skipped[why] = skipped.GetValueOrDefault(why) + 1;

    public void Add(DecisionRecord record, ReplayWalk before, ReplayWalk after, RoutePlan plan)
    {
        walks.Add((record.Weight, before, after));
        var reason = PlanRenderer.Reason(plan);
        var what = What(record, before, after, plan, reason).ToArray();
        if (what.Length == 0) return;
        changed += record.Weight;
        foreach (var change in what) changes[change] += record.Weight;
        var like = examples[Array.IndexOf(Grave, what[0])];
        if (like.Count >= examplesMax) return;
        like.Add(new ReplayExample(
            record.At, record.RequestId, record.Ask.Model, record.Ask.Tenant, what,
            new ReplaySide(record.Plan.Ceiling, before.Where, record.Plan.Reason, Round(before.Ms), Round(before.CostMicrousd)),
            new ReplaySide(plan.Settings.Ceiling, after.Where, reason, Round(after.Ms), Round(after.CostMicrousd))));
    }

    public ReplayReport Report() => new(
        policy.Name,
        policy.Revision,
        walks.Count + skipped.Values.Sum(),
        walks.Count,
        skipped,
        walks.Sum(w => w.Weight),
        changed,
        [.. Rows.Select(row => new ReplayZone(row, Share(row, w => w.Before), Share(row, w => w.After))).Where(row => row.Before + row.After > 0)],
        new ReplayChange<double>(Percentile(0.5, w => w.Before), Percentile(0.5, w => w.After)),
        new ReplayChange<double>(Percentile(0.95, w => w.Before), Percentile(0.95, w => w.After)),
        new ReplayChange<double>(Round(walks.Sum(w => w.Weight * w.Before.CostMicrousd)), Round(walks.Sum(w => w.Weight * w.After.CostMicrousd))),
        new ReplayCeilings(changes["ceiling_laxer"], changes["ceiling_stricter"], changes["crossing_new"], changes["crossing_gone"]),
        changes["refusal_new"],
        changes["refusal_gone"],
        [.. examples.SelectMany(like => like).Take(examplesMax)]);

    /// <summary>What differs, the gravest first.</summary>
    private static IEnumerable<string> What(DecisionRecord record, ReplayWalk before, ReplayWalk after, RoutePlan plan, string reason)
    {
        if (plan.Settings.Ceiling > record.Plan.Ceiling) yield return "ceiling_laxer";
        if (after.Crossed && !before.Crossed) yield return "crossing_new";
        if (after.Refused && !before.Refused) yield return "refusal_new";
        if (before.Refused && !after.Refused) yield return "refusal_gone";
        if (before.Crossed && !after.Crossed) yield return "crossing_gone";
        if (plan.Settings.Ceiling < record.Plan.Ceiling) yield return "ceiling_stricter";
        if (before.Where != after.Where) yield return "zone";
        if (reason != record.Plan.Reason) yield return "reason";
    }

    private double Share(string row, Func<(double, ReplayWalk Before, ReplayWalk After), ReplayWalk> side) => walks.Where(w => side(w).Where == row).Sum(w => w.Weight);

    /// <summary>Of what is answered, weighted; 0 when nothing is.</summary>
    private double Percentile(double part, Func<(double, ReplayWalk Before, ReplayWalk After), ReplayWalk> side)
    {
        var answered = walks.Where(w => side(w).Zone is not null).Select(w => (side(w).Ms, w.Weight)).OrderBy(w => w.Ms).ToArray();
        var left = answered.Sum(w => w.Weight) * part;
        foreach (var (ms, weight) in answered)
        {
            left -= weight;
            if (left <= 0) return Round(ms);
        }

        return answered.Length == 0 ? 0 : Round(answered[^1].Ms);
    }

    private static double Round(double value) => Math.Round(value, 3);
}
