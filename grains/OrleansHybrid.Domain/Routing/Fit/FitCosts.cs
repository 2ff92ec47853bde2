namespace OrleansHybrid.Domain.Routing.Fit;

/// <summary>What answering in one zone costs, micro-USD; null where a price or a figure is missing.</summary>
/// <param name="ComputePerThousand">Of 1,000 requests, as the planner prices a run.</param>
/// <param name="WanPerThousand">Of 1,000 requests' inputs over the link; 0 where there is none.</param>
/// <param name="IdlePerMonth">Memory of the loaded variant, whether asked or not, for all hosts.</param>
/// <param name="Hosts">Hosts that the idle memory is counted for.</param>
/// <param name="Missing">Why a figure is missing; empty when none is.</param>
public sealed record FitZoneCost(Zone Zone, double? ComputePerThousand, double? WanPerThousand, double? IdlePerMonth, int Hosts, double? RequestsPerMonth, string Missing)
{
    public double? PerThousand => ComputePerThousand + WanPerThousand;

    public double? ComputePerMonth => ComputePerThousand * RequestsPerMonth / 1000;

    public double? WanPerMonth => WanPerThousand * RequestsPerMonth / 1000;

    public double? PerMonth => ComputePerMonth + WanPerMonth + IdlePerMonth;

    /// <summary>The largest part of a month; empty when the sum is not known or nothing.</summary>
    public string Biggest
    {
        get
        {
            if (PerMonth is not > 0) return "";
            var (name, _) = new[] { ("compute", ComputePerMonth), ("WAN", WanPerMonth), ("idle memory", IdlePerMonth) }.MaxBy(t => t.Item2);
            return name;
        }
    }
}

/// <summary>Prices the zones by the planner's own candidates. Pure.</summary>
internal static class FitCosts
{
    private const double DaysPerMonth = 30;
    private const double HoursPerMonth = DaysPerMonth * 24;

    public static IReadOnlyList<FitZoneCost> Of(FitTrial trial, FitAnswers answers, PolicyConfig current) =>
        [.. Enum.GetValues<Zone>().Select(zone => Of(zone, trial, answers, current))];

    private static FitZoneCost Of(Zone zone, FitTrial trial, FitAnswers answers, PolicyConfig current)
    {
        var hosts = zone == Zone.Device ? answers.Device.Count ?? 1 : 1;
        var month = answers.RequestsPerDay * DaysPerMonth;
        if (!current.Prices.ContainsKey(zone.WireName())) return new FitZoneCost(zone, null, null, null, hosts, month, "no price in the policy");
        if (Candidate(zone, trial, answers) is not { } candidate) return new FitZoneCost(zone, null, null, null, hosts, month, "no variant");
        var variant = trial.Host.Variants(zone).First(v => v.Name == candidate.Variant.Variant);
        var timed = trial.Host.RunMs(zone, variant).Known;
        var memory = FitHost.VariantMib(variant);
        var wan = answers.InputBytes is { } bytes ? (candidate.CostOf(bytes) - candidate.RunCostMicrousd) * 1000 : zone == answers.ArrivesIn ? 0 : (double?)null;
        return new FitZoneCost(
            zone,
            timed ? candidate.RunCostMicrousd * 1000 : null,
            wan,
            memory.Known ? memory.Value * trial.Prices.PricesIn(zone).LoadedMibHour * HoursPerMonth * hosts : null,
            hosts,
            month,
            !timed ? "run not timed" : wan is null ? "input bytes not answered" : month is null ? "requests a day not answered" : "");
    }

    private static Candidate? Candidate(Zone zone, FitTrial trial, FitAnswers answers)
    {
        var plan = trial.Probe(zone < answers.ArrivesIn ? zone : answers.ArrivesIn, probe => probe);
        for (var i = 0; i < plan.AttemptCount; i++)
        {
            if (plan.Attempt(i).Candidate.Zone == zone) return plan.Attempt(i).Candidate;
        }

        return null;
    }
}
