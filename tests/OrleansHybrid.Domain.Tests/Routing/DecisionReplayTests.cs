using OrleansHybrid.Domain.Privacy;
using OrleansHybrid.Domain.Routing;
using Xunit;

namespace OrleansHybrid.Domain.Tests.Routing;

/// <summary>What a replay says of recorded requests, case by case.</summary>
public sealed class DecisionReplayTests
{
    [Fact]
    public void Draft_that_keeps_input_here_shows_the_zone_mix_and_cost_that_change()
    {
        var farm = Priced();
        var records = Run(farm, sureHere: 0.9, requests: 3, RouteMode.PreferInCloud);
        var report = Replay(records, farm, Rule(set: new RuleSetConfig(Mode: "ONLY_EDGE")));

        Assert.Equal((3, 3, 3d), (report.Records, report.Replayed, report.Changed));
        Assert.Equal([new ReplayZone("edge", 0, 3), new ReplayZone("cloud", 3, 0)], report.Zones);
        Assert.Equal(new ReplayChange<double>(32, 1), report.LatencyMsP95);
        Assert.Equal(new ReplayChange<double>(36, 0.6), report.CostMicrousd);
        Assert.Equal(new ReplayCeilings(0, 0, 0, 3), report.Ceilings);
        Assert.Equal(["crossing_gone", "zone", "reason"], report.Examples[0].What);
    }

    [Fact]
    public void Draft_that_loosens_a_ceiling_is_shown_as_one()
    {
        var farm = Priced(PrivacyCeiling.Edge);
        var records = Run(farm, sureHere: 0.2, requests: 2);
        var report = Replay(records, farm, Rule(loosen: "any", tenant: Caller.DefaultTenant));

        Assert.Equal(new ReplayCeilings(2, 0, 2, 0), report.Ceilings);
        Assert.Equal(["ceiling_laxer", "crossing_new", "zone", "reason"], report.Examples[0].What);
        Assert.Equal((PrivacyCeiling.Edge, PrivacyCeiling.Any), (report.Examples[0].Before.Ceiling, report.Examples[0].After.Ceiling));
    }

    [Fact]
    public void Draft_with_a_higher_floor_escalates_what_was_sure_enough()
    {
        var farm = Priced();
        var records = Run(farm, sureHere: 0.8, requests: 1);
        var report = Replay(records, farm, Rule(set: new RuleSetConfig(ConfidenceFloor: 0.85)));

        Assert.Equal([new ReplayZone("edge", 1, 0), new ReplayZone("cloud", 0, 1)], report.Zones);
        Assert.Equal(new ReplayChange<double>(1, 33), report.LatencyMsP50);
    }

    [Fact]
    public void Draft_that_leaves_no_zone_shows_new_refusals_and_one_that_gives_it_back_shows_them_gone()
    {
        var farm = Priced();
        var answered = Run(farm, sureHere: 0.9, requests: 1);
        Assert.Equal((1, 0), Refusals(Replay(answered, farm, Rule(set: new RuleSetConfig(Privacy: "device")))));
        var refused = Run(farm, sureHere: 0.9, requests: 1, RouteMode.OnlyOnDevice);
        Assert.Equal((0, 1), Refusals(Replay(refused, farm, Rule(set: new RuleSetConfig(Mode: "AUTO")))));
    }

    [Fact]
    public void Records_that_cannot_be_planned_again_are_counted_by_reason()
    {
        var farm = Priced();
        var records = Run(farm, sureHere: 0.9, requests: 2);
        var hidden = records[0] with { Ask = records[0].Ask with { WithheldTags = 1 } };
        var changed = records[1] with { Facts = records[1].Facts with { Version = records[1].Facts.Version! with { Digest = "sha256:other" } } };
        var gone = records[1] with { Facts = records[1].Facts with { Version = records[1].Facts.Version! with { Version = 9 } } };
        var report = Replay([hidden, changed, gone], farm, Rule(set: new RuleSetConfig(Privacy: "edge"), tag: "ward"));

        Assert.Equal((3, 0), (report.Records, report.Replayed));
        Assert.Equal(new Dictionary<NotReplayed, int> { [NotReplayed.WithheldTags] = 1, [NotReplayed.ManifestChanged] = 1, [NotReplayed.VersionGone] = 1 }, report.NotReplayed);
        Assert.Equal(1, Replay([hidden], farm, Rule(set: new RuleSetConfig(Privacy: "edge"))).Replayed);
    }

    [Fact]
    public void Sampled_records_count_for_the_requests_they_stand_for()
    {
        var farm = Priced();
        var records = Run(farm, sureHere: 0.9, requests: 2);
        var report = Replay([records[0] with { Weight = 100 }, records[1]], farm, Rule(set: new RuleSetConfig(Mode: "ONLY_IN_CLOUD")));
        Assert.Equal((101d, 101d), (report.Requests, report.Changed));
        Assert.Equal([new ReplayZone("edge", 101, 0), new ReplayZone("cloud", 0, 101)], report.Zones);
    }

    [Fact]
    public void A_request_that_a_caller_gave_up_is_no_new_refusal()
    {
        var farm = Priced();
        var record = Run(farm, sureHere: 0.9, requests: 1)[0];
        var attempts = record.Plan.Attempts.Select((a, i) => i == 0 ? a with { Failure = FailureCode.Cancelled } : a).ToArray();
        record = record with { Plan = record.Plan with { Attempts = attempts }, Outcome = record.Outcome with { Zone = null, Failure = FailureCode.Cancelled } };
        var report = Replay([record], farm, new PolicyConfig { Policy = "draft", Revision = 2, Prices = farm.Policy.Prices });
        Assert.Equal([new ReplayZone("failed", 1, 1)], report.Zones);
        Assert.Equal((0, 0), Refusals(report));
    }

    /// <summary>A member that is added to the planner's inputs must be added to records, or replay would plan from something else.</summary>
    [Fact]
    public void Records_know_every_input_of_a_plan()
    {
        Assert.Equal(
            ["Above", "BatteryPercent", "Cell", "Draining", "Local", "MemoryBytes", "MeteredLink", "Node", "Peers", "Policy", "Pressure", "Repository", "Upstreams", "Zone"],
            Members<SnapshotInputs>());
        Assert.Equal(["Hard", "HardFrom", "Quota"], Members<RequestSignals>());
        Assert.Equal(["MoneyLeftMicrousd", "OverRate", "RetryAfter"], Members<QuotaState>());
        Assert.Equal(["Address", "Health", "Loss", "Name", "Problem", "RoundTripMsP95", "Samples", "Since", "Zone"], Members<UpstreamState>()); // Problem is for people to read: no plan depends on it.
        Assert.Equal(["MsP95", "Samples"], Members<AboveLoad>());
        Assert.Equal(["Cold", "HasRun", "LoadMs", "QueueMsP95", "RunMsP95", "Samples", "Waiting"], Members<VariantLoad>());
        Assert.Equal(["Caller", "Deadline", "InputBytes", "Model", "Parameters", "Signals", "Version"], Members<PlanRequest>());
        Assert.Equal(["ConfidenceFloor", "Explain", "LatencyTargetMs", "MaxCostMicrousd", "Mode", "Privacy", "Tags"], Members<RouteParameters>());
        Assert.Equal(["Hops", "Tenant", "TraceParent", "TrustedHop"], Members<Caller>());
    }

    private static IEnumerable<string> Members<T>() =>
        typeof(T).GetProperties(System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.Instance).Where(p => p.CanWrite).Select(p => p.Name).Order(StringComparer.Ordinal);

    private static (double New, double Gone) Refusals(ReplayReport report) => (report.RefusalsNew, report.RefusalsGone);

    private static Farm Priced(PrivacyCeiling privacy = PrivacyCeiling.Any)
    {
        var farm = Farm.Region(privacy: privacy);
        farm.Policy = farm.Policy with { Prices = new Dictionary<string, PriceConfig> { ["edge"] = new(0.2), ["cloud"] = new(1) } };
        return farm;
    }

    private static PolicyConfig Rule(RuleSetConfig? set = null, string? loosen = null, string? tenant = null, string? tag = null) => new()
    {
        Policy = "draft",
        Revision = 2,
        Prices = new Dictionary<string, PriceConfig> { ["edge"] = new(0.2), ["cloud"] = new(1) },
        Rules =
        [
            new RuleConfig
            {
                Id = "D01", Because = "A draft.", Owner = "tests", Set = set, Loosen = loosen is null ? null : new RuleLoosenConfig(loosen),
                When = new RuleWhenConfig(Tenant: tenant, Tags: tag is null ? null : new Dictionary<string, string> { [tag] = "7" }),
            },
        ],
    };

    private static ReplayReport Replay(IEnumerable<DecisionRecord> records, Farm farm, PolicyConfig draft)
    {
        var compiled = PolicyCompiler.Compile(draft);
        Assert.Empty(compiled.Errors);
        return DecisionReplay.Run(records, compiled.Policy!, farm.Catalogue(), 10);
    }

    private static List<DecisionRecord> Run(Farm farm, double sureHere, int requests, RouteMode? mode = null)
    {
        var zone = new FakeZone(farm.Snapshot()) { Scripts = { ["here"] = new Script(sureHere, null, 1), ["central"] = new Script(0.95, null, 20) } };
        for (var i = 0; i < requests; i++)
        {
            var input = zone.Input(32);
            var result = zone.Infer(new InferenceRequest($"r{i}", "keyword", null, [input], [], RouteParameters.None with { Mode = mode }, Caller.Anonymous, null));
            foreach (var output in result.Response?.Outputs ?? []) output.Data.Release();
            input.Data.Release();
        }

        return zone.Decisions;
    }
}
