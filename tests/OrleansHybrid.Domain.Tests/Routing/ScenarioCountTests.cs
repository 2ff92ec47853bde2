using System.Text.RegularExpressions;
using OrleansHybrid.Domain.Routing;
using Xunit;

namespace OrleansHybrid.Domain.Tests.Routing;

/// <summary>The stories tell of everything the planner can say: a new rule, verdict, condition or refusal fails here until a story shows it.</summary>
public sealed partial class ScenarioCountTests
{
    private const int StoriesMin = 75;

    /// <summary>Failures of a run, of a caller or of a credential: no plan is refused with them.</summary>
    private static readonly FailureCode[] NeverAPlans =
    [
        FailureCode.BadInput, FailureCode.TooLarge, FailureCode.DeadlineExceeded, FailureCode.Cancelled, FailureCode.UpstreamRejected, FailureCode.ModelFailed,
        FailureCode.Unauthenticated, FailureCode.Forbidden, FailureCode.Internal,
    ];

    /// <summary>How a scenario writes what a rule can be conditioned on, and what it can set.</summary>
    private static readonly Dictionary<string, string> RuleWords = new()
    {
        [nameof(RuleWhenConfig.Model)] = "model=", [nameof(RuleWhenConfig.Tenant)] = "tenant=", [nameof(RuleWhenConfig.Tags)] = "tag.", [nameof(RuleWhenConfig.InputBytesAbove)] = "above=",
        [nameof(RuleWhenConfig.InputBytesBelow)] = "below=", [nameof(RuleWhenConfig.ArrivedIn)] = "arrived_in=",
        [nameof(RuleSetConfig.Privacy)] = "privacy=", [nameof(RuleSetConfig.Mode)] = "mode=", [nameof(RuleSetConfig.Objective)] = "objective=",
        [nameof(RuleSetConfig.LatencyTargetMs)] = "latency_target_ms=", [nameof(RuleSetConfig.MaxCostMicrousd)] = "max_cost=", [nameof(RuleSetConfig.ConfidenceFloor)] = "floor=",
    };

    private static readonly Story[] Stories = [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Routing", "Scenarios"), "*.txt").Select(Story.Read)];

    private static readonly string Traces = string.Join('\n', Stories.Select(s => s.Trace));

    private static readonly string[] Words = [.. Stories.SelectMany(s => s.Commands).Where(c => c[0] != '#').SelectMany(c => c.Split(' '))];

    [Fact]
    public void There_are_enough_stories_and_each_says_what_it_is_about()
    {
        Assert.InRange(Stories.Length, StoriesMin, int.MaxValue);
        Assert.DoesNotContain(Stories, s => !s.Commands[0].StartsWith("# ", StringComparison.Ordinal));
        Assert.DoesNotContain(Stories, s => s.Trace.Length == 0);
    }

    [Fact]
    public void Every_condition_of_a_rule_decides_a_story() => AssertTold(Properties<RuleWhenConfig>(), name => IsDecisive(Word(name)));

    [Fact]
    public void Every_setting_of_a_rule_decides_a_story() => AssertTold(Properties<RuleSetConfig>(), name => IsDecisive(Word(name)));

    [Fact]
    public void Loosening_decides_a_story() => Assert.True(IsDecisive("loosen="));

    [Fact]
    public void Every_built_in_rule_is_the_reason_of_something() =>
        AssertTold(BuiltInRules.AllIds, id => Regex.IsMatch(Traces, $@"(:| by |""rule"": ""){id}\b"));

    [Fact]
    public void Every_verdict_is_given() =>
        AssertTold(Enum.GetValues<ZoneVerdictKind>(), kind => kind == ZoneVerdictKind.None || Traces.Contains($"={kind.WireName()}:", StringComparison.Ordinal));

    [Fact]
    public void Every_turn_of_an_attempt_comes() => AssertTold(Enum.GetValues<AttemptWhen>(), when => Traces.Contains($"  {when.WireName()}: ", StringComparison.Ordinal));

    [Fact]
    public void Every_refusal_that_a_plan_can_name_is_given() =>
        AssertTold(Enum.GetValues<FailureCode>().Except(NeverAPlans), code => Traces.Contains($"refused {code}\n", StringComparison.Ordinal));

    [Fact]
    public void Generated_plans_name_no_other_refusals()
    {
        for (var seed = 0; seed < 5000; seed++)
        {
            var farm = new GeneratedFarm(seed);
            var plan = RoutePlanner.Plan(farm.PlanRequest with { Signals = farm.Signals }, farm.Farm.Snapshot(), Farm.Start);
            if (plan.Refusal is { } code) Assert.DoesNotContain(code, NeverAPlans);
        }
    }

    [Fact]
    public void Every_mode_is_asked_for() => AssertTold(RouteModes.AllNames, mode => mode == "AUTO" || Asked($"mode={mode}"));

    [Fact]
    public void Automatic_is_what_holds_where_nothing_is_asked() => Assert.Contains("\"mode\": \"AUTO\"", Traces, StringComparison.Ordinal);

    [Fact]
    public void Every_objective_is_asked_for() => AssertTold(RouteObjectives.AllNames, objective => Asked($"objective={objective}"));

    [Fact]
    public void Every_kind_of_signal_is_told() => AssertTold(["hard=", "signal.hard=", "budget", "over-quota", "metered", "battery", "memory", "draining"], Begins);

    private static void AssertTold<T>(IEnumerable<T> all, Func<T, bool> isTold) => Assert.Equal([], all.Where(one => !isTold(one)));

    private static bool Asked(string word) => Words.Any(w => w == word);

    private static bool Begins(string word) => Words.Any(w => w.StartsWith(word, StringComparison.Ordinal));

    /// <summary>Some rule with the word is named by a verdict, an attempt, a crossing or an explanation of its own story.</summary>
    private static bool IsDecisive(string word) => Stories.Any(s => s.Rules(word).Any(id => Regex.IsMatch(s.Trace, $@"(:| by |rule=|""rule"": ""|^\s*""){id}\b", RegexOptions.Multiline)));

    private static string Word(string property) =>
        RuleWords.TryGetValue(property, out var word) ? word : throw new ArgumentException($"'{property}' has no word in scenario files: add one to ScenarioPolicy and here, and a story");

    private static IEnumerable<string> Properties<T>() => typeof(T).GetProperties().Where(p => p.Name != "EqualityContract").Select(p => p.Name);

    private sealed record Story(string[] Commands, string Trace)
    {
        public static Story Read(string file)
        {
            var parts = File.ReadAllText(file).ReplaceLineEndings("\n").Split("----\n");
            return new Story([.. parts[0].Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0)], parts[1]);
        }

        public IEnumerable<string> Rules(string word) =>
            Commands.Select(c => RuleLine().Match(c)).Where(m => m.Success && m.Groups["rest"].Value.Split(' ').Any(w => w.StartsWith(word, StringComparison.Ordinal))).Select(m => m.Groups["id"].Value);
    }

    [GeneratedRegex(@"^rule (?<id>\S+) (?<rest>.*)$")]
    private static partial Regex RuleLine();
}
