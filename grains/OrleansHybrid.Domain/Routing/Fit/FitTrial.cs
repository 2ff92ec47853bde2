using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Privacy;

namespace OrleansHybrid.Domain.Routing.Fit;

/// <summary>The feature's farm on paper. Everything that the planner has a rule for is asked of <see cref="RoutePlanner"/> here, so that worksheet and router cannot disagree. Pure.</summary>
internal sealed class FitTrial(FitAnswers answers, FitFigures figures, PolicyConfig current, DateTimeOffset now)
{
    private readonly FitHost host = new(answers, figures);
    private readonly CompiledPolicy prices = Compile(new PolicyConfig { Policy = "fit", Revision = 1, Prices = current.Prices });

    public FitHost Host => host;

    /// <summary>The current policy's prices and no rule.</summary>
    public CompiledPolicy Prices => prices;

    /// <summary>A plan that depends on one question alone: no ceiling, no floor, no memory and no rules but those that <paramref name="ask"/> brings in.</summary>
    /// <param name="arrived">The zone that decides.</param>
    public RoutePlan Probe(Zone arrived, Func<FitProbe, FitProbe> ask) => Plan(ask(new FitProbe(arrived)));

    /// <summary>The plan of one of the feature's requests under a policy, with everything that is known: the manifest's own ceiling and floor too.</summary>
    public RoutePlan Decide(Zone arrived, CompiledPolicy policy) => Plan(new FitProbe(arrived)
    {
        Policy = policy,
        Memory = true,
        WholeManifest = true,
    });

    private RoutePlan Plan(FitProbe probe)
    {
        var farm = new TrialFarm(probe.Arrived, probe.Policy ?? prices, [Manifest(probe)], Links(probe), new Dictionary<VariantKey, VariantLoad>())
        {
            MemoryBytes = probe.Memory && host.HostMib(probe.Arrived) is { Known: true } mib ? (long)(mib.Value * (1 << 20)) : 0,
            BatteryPercent = probe.Arrived == Zone.Device ? probe.BatteryPercent : null,
        };
        var parameters = RouteParameters.None with { Privacy = probe.Ceiling, LatencyTargetMs = probe.LatencyTargetMs, MaxCostMicrousd = probe.MaxCostMicrousd };
        var caller = Caller.Anonymous with { Hops = probe.Hops, TrustedHop = false };
        return RoutePlanner.Plan(new PlanRequest(figures.Manifest.Model, figures.Manifest.Version, parameters, caller, answers.InputBytes ?? 0, Limits.DeadlineMax), farm.Snapshot(now), now);
    }

    /// <summary>The manifest with each zone's own figures: a variant that two zones share is there once for each, the deciding zone's first, since it is found by its name.</summary>
    private ModelManifest Manifest(FitProbe probe)
    {
        var variants = Enum.GetValues<Zone>().OrderBy(z => z != probe.Arrived).SelectMany(zone => host.Variants(zone).Select(v => v with
        {
            Zones = [zone],
            LatencyMs = host.RunMs(zone, v).Value,
            MemoryMib = FitHost.VariantMib(v).Value,
        }));
        var manifest = figures.Manifest with { Variants = [.. variants], Updates = host.Cadence };
        return probe.WholeManifest ? manifest : manifest with { Privacy = PrivacyCeiling.Any, Confidence = null, Updates = null };
    }

    private TrialLink[] Links(FitProbe probe) =>
        [.. Enum.GetValues<Zone>().Where(z => z > probe.Arrived).Select(z => new TrialLink(z, probe.Down.Contains(z) ? LinkHealth.Down : LinkHealth.Up, host.LinkMs(z).Value))];

    private static CompiledPolicy Compile(PolicyConfig config) => PolicyCompiler.Compile(config).Policy ?? CompiledPolicy.Empty;
}

/// <summary>What one plan of the trial takes into account.</summary>
internal sealed record FitProbe(Zone Arrived)
{
    public PrivacyCeiling? Ceiling { get; init; }

    public long? LatencyTargetMs { get; init; }

    public long? MaxCostMicrousd { get; init; }

    public int? BatteryPercent { get; init; }

    public bool Memory { get; init; }

    /// <summary>With the manifest's ceiling, floor and cadence.</summary>
    public bool WholeManifest { get; init; }

    /// <summary>Cells the request passed.</summary>
    public IReadOnlyList<string> Hops { get; init; } = [];

    /// <summary>Zones that cannot be reached.</summary>
    public IReadOnlyList<Zone> Down { get; init; } = [];

    public CompiledPolicy? Policy { get; init; }
}
