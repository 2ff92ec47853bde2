using Xunit;
using System.Globalization;
using System.Text;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Privacy;
using OrleansHybrid.Domain.Routing;

namespace OrleansHybrid.Domain.Tests.Routing;

/// <summary>Carries out the commands of a scenario file and writes what happened, line by line.</summary>
/// <remarks>
/// State: <c>cell NAME ZONE</c>, <c>version MODEL N</c> with <c>floor privacy state updates</c>, then <c>variant NAME zones= latency= [loaded]</c> and <c>classifier THRESHOLD [loaded]</c> for it, <c>measured MODEL N VARIANT queue= run=</c>,
/// <c>peer NODE MODEL N VARIANT queue= run= digest=</c>, <c>upstream NAME ZONE HEALTH rtt= age= loss=</c> (s), <c>above NAME MODEL N ms=</c> (measured there), <c>warm MODEL N VARIANT</c>, <c>cold MODEL N VARIANT load=</c> (ms), <c>pressure LEVEL</c>, <c>draining</c>, <c>over-quota TENANT</c>, <c>budget TENANT left=</c> (micro-USD), <c>memory BYTES</c>, <c>battery PERCENT</c>, <c>metered</c>;
/// policy: <c>rule ID</c>, <c>defaults</c>, <c>price ZONE</c>, <c>private TAG</c>, <c>shed ITEM</c>. A place's script (<c>here</c>, <c>classifier</c>, a link): <c>answers PLACE CONFIDENCE|FAILURE after= [deaf] [foreign]</c>.
/// Then <c>plan</c>, <c>infer</c> or <c>explain</c> of a model with a request's parameters.
/// </remarks>
internal sealed class Scenario
{
    private readonly Farm farm = new();
    private readonly Dictionary<string, Script> scripts = [];
    private readonly StringBuilder trace = new();
    private readonly List<(string Model, int Version, PrivacyCeiling Privacy, double? Floor, VersionState State, bool Broken, UpdateCadence? Updates, List<VariantManifest> Variants, List<string> Loaded, Dictionary<double, bool> Classifier)> versions = [];

    public static string Run(string commands)
    {
        var scenario = new Scenario();
        foreach (var line in commands.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] != '#'))
        {
            var words = new ScenarioWords(line);
            scenario.Do(words.Next(), words);
            words.Done();
        }

        return scenario.trace.ToString();
    }

    private void Do(string command, ScenarioWords words)
    {
        switch (command)
        {
            case "cell": (farm.Cell, farm.Zone) = (words.Next(), Zone(words.Next())); break;
            case "version": AddVersion(words); break;
            case "variant": AddVariant(words); break;
            case "classifier": versions[^1].Classifier.Add(double.Parse(words.Next(), CultureInfo.InvariantCulture), words.TakeWord("loaded")); break;
            case "measured": farm.Measure(Variant(words), words.Number("queue") ?? 0, words.Number("run") ?? 1); break;
            case "peer": farm.AddPeer(words.Next(), Variant(words), words.Number("queue") ?? 0, words.Number("run") ?? 1, words.Text("digest")); break;
            case "upstream": farm.AddUpstream(words.Next(), Zone(words.Next()), Enum.Parse<LinkHealth>(words.Next(), true), words.Number("rtt") ?? 0, TimeSpan.FromSeconds(words.Number("age") ?? 60), words.Number("loss") ?? 0); break;
            case "cold": farm.TakeOut(Variant(words), words.Number("load") ?? 0); break;
            case "warm": farm.WarmUp(Variant(words)); break;
            case "above": farm.MeasureAbove(words.Next(), words.Next(), int.Parse(words.Next(), CultureInfo.InvariantCulture), words.Number("ms") ?? 0); break;
            case "shed": farm.Policy = farm.Policy with { Shed = [.. farm.Policy.Shed, words.Next()] }; break;
            case "pressure": farm.Pressure = int.Parse(words.Next(), CultureInfo.InvariantCulture); break;
            case "draining": farm.Draining = true; break;
            case "over-quota": farm.Quotas[words.Next()] = new QuotaState(OverRate: true, RetryAfter: TimeSpan.FromSeconds(30)); break;
            case "budget": farm.Quotas[words.Next()] = new QuotaState(MoneyLeftMicrousd: words.Number("left"), RetryAfter: TimeSpan.FromHours(12)); break;
            case "memory": farm.MemoryBytes = long.Parse(words.Next(), CultureInfo.InvariantCulture); break;
            case "metered": farm.Metered = true; break;
            case "battery": farm.Battery = int.Parse(words.Next(), CultureInfo.InvariantCulture); break;
            case "rule": farm.Policy = farm.Policy with { Rules = [.. farm.Policy.Rules, ScenarioPolicy.Rule(words)] }; break;
            case "defaults": farm.Policy = farm.Policy with { Defaults = ScenarioPolicy.Set(words) }; break;
            case "price": farm.Policy = farm.Policy with { Prices = new Dictionary<string, PriceConfig>(farm.Policy.Prices) { [words.Next()] = ScenarioPolicy.Price(words) } }; break;
            case "private": farm.Policy = farm.Policy with { PrivateTags = [.. farm.Policy.PrivateTags, words.Next()] }; break;
            case "answers": AddScript(words); break;
            case "plan": Plan(words); break;
            case "infer": Infer(words); break;
            case "explain": Explain(words); break;
            default: throw new ArgumentException($"'{command}' is not a command of a scenario");
        }
    }

    private static Zone Zone(string text) => Zones.TryParse(text, out var zone) ? zone : throw new ArgumentException($"'{text}' is not a zone");

    private static VariantKey Variant(ScenarioWords words) => new(words.Next(), int.Parse(words.Next(), CultureInfo.InvariantCulture), words.Next());

    private void AddVersion(ScenarioWords words)
    {
        Assert.True(PrivacyCeilings.TryParse(words.Text("privacy") ?? "any", out var privacy));
        var state = Enum.Parse<VersionState>(words.Text("state") ?? "ready", true);
        UpdateCadence? updates = words.Text("updates") is { } word ? Enum.Parse<UpdateCadence>(word, true) : null;
        versions.Add((words.Next(), int.Parse(words.Next(), CultureInfo.InvariantCulture), privacy, words.Number("floor"), state, words.TakeWord("broken"), updates, [], [], []));
    }

    private void AddVariant(ScenarioWords words)
    {
        var version = versions[^1];
        var isLoaded = words.TakeWord("loaded");
        var name = words.Next();
        if (isLoaded) version.Loaded.Add(name);
        version.Variants.Add(Farm.Variant(name, words.Number("latency") ?? 0, [.. words.List("zones").Select(Zone)]));
    }

    private void AddScript(ScenarioWords words)
    {
        var (place, what, after) = (words.Next(), words.Next(), (int)(words.Whole("after") ?? 0));
        var (deaf, foreign) = (words.TakeWord("deaf"), words.TakeWord("foreign"));
        scripts[place] = Enum.TryParse<FailureCode>(what, out var code) && !char.IsAsciiDigit(what[0])
            ? new Script(0, code, after, deaf, foreign)
            : new Script(double.Parse(what, CultureInfo.InvariantCulture), null, after, deaf, foreign);
    }

    private ZoneSnapshot Snapshot()
    {
        foreach (var v in versions) farm.AddVersion(v.Model, v.Version, v.Privacy, v.Floor, v.Variants, v.Loaded, v.State, v.Broken, v.Updates, v.Classifier.Count > 0 ? v.Classifier.Keys.Single() : null, v.Classifier.Values.SingleOrDefault());
        versions.Clear();
        return farm.Snapshot();
    }

    private void Plan(ScenarioWords words)
    {
        var request = ScenarioPolicy.Request(words, _ => []);
        var plan = RoutePlanner.Plan(new PlanRequest(request) with { InputBytes = words.Whole("bytes") ?? 32, Signals = Signals(words, request.Caller) }, Snapshot(), Farm.Start);
        var flags = (plan.Degraded ? " degraded" : "") + (plan.EscalationLost ? " escalation-lost" : "");
        trace.AppendLine($"ceiling {plan.Settings.Ceiling.WireName()}{flags}: {PlanRenderer.Reason(plan)}");
        for (var i = 0; i < plan.AttemptCount; i++)
        {
            var attempt = plan.Attempt(i);
            var to = attempt.Candidate;
            var where = to.Target == AttemptTarget.Upstream ? to.Cell : $"{to.Cell}/{to.Node}";
            trace.AppendLine(CultureInfo.InvariantCulture, $"  {attempt.When.WireName()}: {to.Zone.WireName()} {where} {to.Variant.Variant} {to.PredictedMs:0.##} ms {to.CostOf(plan.Request.InputBytes):0.##} usd-6 by {farm.Inputs().Policy.IdOf(attempt.Rule)}");
        }

        if (plan.Refusal is { } code) trace.AppendLine($"  refused {code}");
    }

    private RequestSignals Signals(ScenarioWords words, Caller caller)
    {
        var hard = words.Number("hard") ?? 0;
        var quota = caller.Hops.Count == 0 ? farm.Quotas.GetValueOrDefault(caller.Tenant) : default;
        return new RequestSignals(hard, hard > 0 ? HardSource.Request : HardSource.None, quota);
    }

    private void Infer(ScenarioWords words)
    {
        var zone = new FakeZone(Snapshot()) { Quotas = farm.Quotas };
        foreach (var (place, script) in scripts) zone.Scripts[place] = script;
        var bytes = (int)(words.Whole("bytes") ?? 32);
        var request = ScenarioPolicy.Request(words, _ => [zone.Input(bytes)]);
        var result = zone.Infer(request);
        foreach (var line in zone.Trace) trace.AppendLine(line);
        trace.Append(CultureInfo.InvariantCulture, $"{(zone.Clock.GetUtcNow() - Farm.Start).TotalMilliseconds:0} ms: ").AppendLine(ScenarioPolicy.Describe(result));
        foreach (var output in result.Response?.Outputs ?? []) output.Data.Release();
        request.Inputs[0].Data.Release();
        trace.AppendLine($"leases out: {zone.LeasedInTheEnd()}");
    }

    private void Explain(ScenarioWords words)
    {
        var assume = words.Prefixed("assume.");
        var signals = words.Prefixed("signal.").ToDictionary(s => s.Key, s => double.Parse(s.Value, CultureInfo.InvariantCulture));
        var request = ScenarioPolicy.Request(words, _ => []);
        var zone = new FakeZone(Snapshot()) { Quotas = farm.Quotas };
        var result = zone.Runner.Explain(new ExplainRequest(request.Model, request.Version, request.Parameters, request.Caller, words.Whole("bytes") ?? 32, signals, assume), zone.Snapshot);
        trace.AppendLine(result.Failure is { } failure ? $"{failure.Code}: {failure.Message}" : ScenarioPolicy.Indent(result.PlanJson!));
    }
}
