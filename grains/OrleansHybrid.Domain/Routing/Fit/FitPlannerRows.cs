using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Privacy;

namespace OrleansHybrid.Domain.Routing.Fit;

/// <summary>The questions that the planner answers: each cell is its verdict on a plan in which this question alone can decide. Pure.</summary>
/// <remarks>A yes that rests on a number which nobody knows is unknown; a no needs no more numbers than it has.</remarks>
internal sealed class FitPlannerRows(FitTrial trial, FitAnswers answers, FitFigures figures, PolicyConfig current)
{
    private readonly FitHost host = trial.Host;

    public IReadOnlyList<FitRow> All =>
    [
        Row("reach", "Can a request get there from where it arrives?", "", Reach),
        Row("privacy", "How far may the raw data travel?", "", Ceiling),
        Row("policy", "Do the rules in force, and the manifest, let it?", "", Policy),
        Row("capability", "Is there a variant for the zone?", "variants", Capability) with { AtLeast = true },
        Row("memory", "Does a variant fit the memory?", "MiB", Memory),
        Row("battery", "At what charge do devices run?", "%", Battery) with { AtLeast = true },
        Row("latency", "Is the answer there in time (p95 of link and run)?", "ms", Latency),
        Row("cost", "What may one answer cost?", "micro-USD", Cost),
        Row("offline", "What must work without the link?", "of the day offline", Offline),
        Row("hop", "How many cells lie on the way?", "cells", Hop),
    ];

    private FitCell Reach(Zone zone)
    {
        var plan = trial.Probe(answers.ArrivesIn, probe => probe);
        var reached = plan.Verdict(zone).Kind != ZoneVerdictKind.None;
        return new FitCell(reached ? FitMark.Yes : FitMark.No, Source: FigureSource.Answered, Why: reached ? "" : $"requests arrive in {answers.ArrivesIn.WireName()}; links dial up", Rule: reached ? "" : BuiltInRules.Id(BuiltInRule.Unlinked));
    }

    private FitCell Ceiling(Zone zone)
    {
        var ceiling = answers.Ceiling;
        return Judge(trial.Probe(zone, probe => probe with { Ceiling = ceiling }), zone, BuiltInRule.Ceiling) with
        {
            Source = FigureSource.Answered,
            Why = $"ceiling {ceiling.WireName()}",
        };
    }

    /// <summary>Ceilings and cost limits of the policy, which no rule can lift, and the manifest's ceiling. Modes are left out: the draft's own come first.</summary>
    private FitCell Policy(Zone zone)
    {
        var others = FitDrafter.Others(current, figures.Manifest.Model);
        var open = new RuleConfig { Id = FitDrafter.Unused("Fit-open", others), Set = new RuleSetConfig(Mode: RouteMode.Auto.WireName()), Because = "Open.", Owner = answers.Owner };
        var tried = PolicyCompiler.Compile(current with { Policy = "fit", Revision = 1, Rules = [open, .. others] }).Policy ?? trial.Prices;
        if (!figures.Manifest.Privacy.Permits(zone)) return new FitCell(FitMark.No, Source: FigureSource.Declared, Why: $"ceiling {figures.Manifest.Privacy.WireName()} of the manifest", Rule: BuiltInRules.Id(BuiltInRule.Ceiling));
        for (var arrived = From(zone); arrived <= zone; arrived++)
        {
            var verdict = trial.Probe(arrived, probe => probe with { Policy = tried }).Verdict(zone);
            if (verdict.Kind != ZoneVerdictKind.Excluded || (verdict.Rule.PolicyIndex < 0 && !verdict.Rule.Is(BuiltInRule.Cost))) continue;
            var rule = tried.IdOf(verdict.Rule);
            return new FitCell(FitMark.No, Why: $"rule {rule} in force", Rule: rule);
        }

        return new FitCell(FitMark.Yes);
    }

    private FitCell Capability(Zone zone)
    {
        var variants = host.Variants(zone).Count;
        return Judge(trial.Probe(zone, probe => probe), zone, BuiltInRule.Capability) with { Number = variants, Threshold = 1, Source = FigureSource.Declared, Why = Names(zone) };
    }

    private FitCell Memory(Zone zone)
    {
        var smallest = host.Variants(zone).Select(v => (Name: v.Name, Mib: FitHost.VariantMib(v))).Where(v => v.Mib.Known).OrderBy(v => v.Mib.Value).FirstOrDefault();
        var free = host.HostMib(zone);
        if (!smallest.Mib.Known || !free.Known) return new FitCell(FitMark.Unknown, Known(smallest.Mib), Known(free), smallest.Mib.Source, free.Known ? "" : "memory of the host not known");
        return Judge(trial.Probe(zone, probe => probe with { Memory = true }), zone, BuiltInRule.Memory) with
        {
            Number = smallest.Mib.Value,
            Threshold = free.Value,
            Source = smallest.Mib.Source | free.Source,
            Why = smallest.Name,
        };
    }

    private FitCell Battery(Zone zone)
    {
        if (zone != Zone.Device || answers.Device.BatteryWh == 0) return new FitCell(FitMark.Yes, Why: "mains");
        if (answers.Device.BatteryPercent is not { } percent) return new FitCell(FitMark.Unknown, Threshold: Limits.BatteryPercentMin, Why: "not answered");
        var plan = trial.Probe(zone, probe => probe with { BatteryPercent = percent });
        var low = plan.Infeasible(zone).Is(BuiltInRule.Battery);
        return new FitCell(low ? FitMark.No : FitMark.Yes, percent, Limits.BatteryPercentMin, FigureSource.Answered, Rule: low ? BuiltInRules.Id(BuiltInRule.Battery) : "");
    }

    private FitCell Latency(Zone zone)
    {
        var plan = trial.Probe(From(zone), probe => probe with { LatencyTargetMs = answers.LatencyTargetMs });
        var verdict = plan.Verdict(zone);
        if (!double.IsFinite(verdict.PredictedMs)) return new FitCell(FitMark.Unknown, Threshold: answers.LatencyTargetMs, Why: "no variant to time");
        var link = host.LinkMs(zone);
        var run = Used(zone, plan) is { } variant ? host.RunMs(zone, variant) : default;
        var late = plan.Infeasible(zone).Is(BuiltInRule.Latency);
        var missing = !run.Known ? "run not timed" : !link.Known ? "link not known" : "";
        var mark = late ? FitMark.No : missing.Length > 0 ? FitMark.Unknown : FitMark.Yes;
        var source = run.Source | (zone > answers.ArrivesIn ? link.Source : FigureSource.None);
        return new FitCell(mark, run.Known || late ? verdict.PredictedMs : null, answers.LatencyTargetMs, source, missing, late ? BuiltInRules.Id(BuiltInRule.Latency) : "");
    }

    private FitCell Cost(Zone zone)
    {
        var limit = answers.MaxCostMicrousd;
        var plan = trial.Probe(From(zone), probe => probe with { MaxCostMicrousd = limit });
        var verdict = plan.Verdict(zone);
        var priced = current.Prices.ContainsKey(zone.WireName());
        if (!double.IsFinite(verdict.PredictedCostMicrousd)) return new FitCell(FitMark.Unknown, Threshold: limit, Why: "no variant to price");
        var run = Used(zone, plan) is { } variant ? host.RunMs(zone, variant) : default;
        var missing = !priced ? "no price in the policy" : !run.Known ? "run not timed" : limit is null ? "no limit answered" : answers.InputBytes is null ? "input bytes not answered" : "";
        var cell = Judge(plan, zone, BuiltInRule.Cost);
        var number = priced && run.Known ? verdict.PredictedCostMicrousd : (double?)null;
        return cell with { Mark = cell.Mark == FitMark.Yes && missing.Length > 0 ? FitMark.Unknown : cell.Mark, Number = number, Threshold = limit, Source = number is null ? FigureSource.None : run.Source | FigureSource.Price, Why = missing };
    }

    private FitCell Offline(Zone zone)
    {
        if (zone <= answers.ArrivesIn) return new FitCell(FitMark.Yes, Why: "no link on the way");
        if (answers.Offline is not { } need) return new FitCell(FitMark.Unknown, Why: "not answered");
        var share = host.Link(zone).OfflineShare;
        if (need != OfflineNeed.Everything) return new FitCell(FitMark.Yes, share, Source: share is null ? FigureSource.None : FigureSource.Answered, Why: need == OfflineNeed.Nothing ? "nothing has to" : "the common cases, lower");
        if (share is not { } part) return new FitCell(FitMark.Unknown, Threshold: FitThresholds.OfflineShareMax, Why: "offline share not answered");
        Zone[] down = part > FitThresholds.OfflineShareMax ? [zone] : [];
        return Judge(trial.Probe(answers.ArrivesIn, probe => probe with { Down = down }), zone, BuiltInRule.Offline) with
        {
            Number = part, Threshold = FitThresholds.OfflineShareMax, Source = FigureSource.Answered, Why = "everything has to",
        };
    }

    private FitCell Hop(Zone zone)
    {
        var passed = Math.Max(0, zone - answers.ArrivesIn);
        string[] hops = [.. Enumerable.Range(0, passed).Select(i => "below-" + Zones.AllNames[i])];
        return Judge(trial.Probe(zone, probe => probe with { Hops = hops }), zone, BuiltInRule.Hop) with { Number = passed, Threshold = Limits.HopsMax, Source = FigureSource.Answered };
    }

    /// <summary>The zone that plans a request which this zone would answer: links lead up only.</summary>
    private Zone From(Zone zone) => zone < answers.ArrivesIn ? zone : answers.ArrivesIn;

    private static FitCell Judge(RoutePlan plan, Zone zone, BuiltInRule rule)
    {
        var verdict = plan.Verdict(zone);
        var no = verdict.Kind == ZoneVerdictKind.Excluded && verdict.Rule.Is(rule);
        return new FitCell(no ? FitMark.No : FitMark.Yes, Rule: no ? BuiltInRules.Id(rule) : "");
    }

    /// <summary>The variant behind the planner's prediction for the zone.</summary>
    private VariantManifest? Used(Zone zone, RoutePlan plan)
    {
        for (var i = 0; i < plan.AttemptCount; i++)
        {
            var candidate = plan.Attempt(i).Candidate;
            if (candidate.Zone == zone) return host.Variants(zone).FirstOrDefault(v => v.Name == candidate.Variant.Variant);
        }

        return host.Variants(zone).FirstOrDefault();
    }

    private string Names(Zone zone) => string.Join(", ", host.Variants(zone).Select(v => v.Name));

    private static double? Known(Figure figure) => figure.Known ? figure.Value : null;

    private static FitRow Row(string id, string question, string unit, Func<Zone, FitCell> cell) =>
        new(id, question, unit, cell(Zone.Device), cell(Zone.Edge), cell(Zone.Cloud), ByPlanner: true);
}
