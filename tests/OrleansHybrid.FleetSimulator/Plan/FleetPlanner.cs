using System.Globalization;

namespace OrleansHybrid.FleetSimulator.Plan;

/// <summary>Makes a fleet of a scenario. Pure: the seed alone decides.</summary>
public static class FleetPlanner
{
    private const int SeedStep = 1_000_003;
    private const double DriftPpmMax = 80;
    private const int SlowDiskFactor = 8;
    private static readonly TimeSpan OrdinaryOffset = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Year = TimeSpan.FromDays(365);

    public static FleetPlan Of(FleetScenario scenario)
    {
        var kinds = Kinds(scenario);
        return new FleetPlan(scenario, [.. Enumerable.Range(0, scenario.Nodes).Select(i => Node(scenario, kinds, i))]);
    }

    /// <remarks>Chance is asked in one order, whatever the shares are, so that another share changes nothing else.</remarks>
    private static NodePlan Node(FleetScenario scenario, IReadOnlyList<(HardwareKind Kind, int Weight)> kinds, int number)
    {
        var random = new Random(unchecked((scenario.Seed * SeedStep) + number));
        var kind = Draw(kinds, random);
        var link = LinkPlan.Of(kind.Link, random);
        var cuts = Cuts(scenario, random);
        var clock = Clock(scenario, random);
        var faults = Faults(scenario, random);
        if (scenario.PerfectLinks) link = LinkPlan.Perfect;
        return new NodePlan(
            string.Create(CultureInfo.InvariantCulture, $"{scenario.NamePrefix}-{number:0000}"), scenario.Regions[number % scenario.Regions.Count], random.Next(), kind,
            link with { Cuts = cuts }, clock, faults, random.NextDouble(), number < scenario.FetchesBlobs);
    }

    private static IReadOnlyList<(HardwareKind Kind, int Weight)> Kinds(FleetScenario scenario) => scenario.Kinds.Count == 0
        ? [.. HardwareKinds.All.Select(k => (k, k.Weight))]
        : [.. scenario.Kinds.OrderBy(k => k.Key, StringComparer.Ordinal).Select(k => (HardwareKinds.Find(k.Key), k.Value))];

    private static HardwareKind Draw(IReadOnlyList<(HardwareKind Kind, int Weight)> kinds, Random random)
    {
        var left = random.Next(kinds.Sum(k => k.Weight));
        foreach (var (kind, weight) in kinds)
        {
            left -= weight;
            if (left < 0) return kind;
        }

        return kinds[^1].Kind;
    }

    private static CutWindow[] Cuts(FleetScenario scenario, Random random)
    {
        var (hit, times) = (Hits(random, scenario.CutShare), 1 + random.Next(2));
        CutWindow[] cuts = [.. Enumerable.Range(0, times).Select(_ => Part(random, scenario.Horizon)).Order().Select(from => new CutWindow(from, from + Part(random, scenario.CutMax)))];
        return hit ? cuts : [];
    }

    private static ClockPlan Clock(FleetScenario scenario, Random random)
    {
        var (wrong, ahead, small, drift) = (Hits(random, scenario.WrongClockShare), random.Next(2) == 1, (2 * random.NextDouble()) - 1, (2 * random.NextDouble()) - 1);
        return new ClockPlan(wrong ? (ahead ? Year : -Year) : Round(OrdinaryOffset * small), Math.Round(DriftPpmMax * drift, 1));
    }

    private static FaultPlan Faults(FleetScenario scenario, Random random)
    {
        var (dies, times) = (Hits(random, scenario.DeathShare), 1 + random.Next(2));
        TimeSpan[] deaths = [.. Enumerable.Range(0, times).Select(_ => Part(random, scenario.Horizon)).Order()];
        var down = Part(random, scenario.DownMax);
        var (inTransfer, part) = (Hits(random, scenario.DeathInTransferShare), 0.1 + (0.8 * random.NextDouble()));
        return new FaultPlan
        {
            Deaths = dies ? deaths : [],
            Down = down,
            DiesAtPart = inTransfer ? Math.Round(part, 3) : null,
            FullDisk = Hits(random, scenario.FullDiskShare),
            SlowDisk = Hits(random, scenario.SlowDiskShare) ? SlowDiskFactor : 1,
            FailsLoad = Hits(random, scenario.FailedLoadShare),
            RepeatsCheckIns = Hits(random, scenario.RepeatShare),
        };
    }

    private static bool Hits(Random random, double share) => random.NextDouble() < share;

    private static TimeSpan Part(Random random, TimeSpan whole) => Round(whole * random.NextDouble());

    private static TimeSpan Round(TimeSpan time) => TimeSpan.FromMilliseconds(Math.Round(time.TotalMilliseconds));
}
