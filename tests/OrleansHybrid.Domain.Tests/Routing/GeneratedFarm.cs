using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Privacy;
using OrleansHybrid.Domain.Routing;

namespace OrleansHybrid.Domain.Tests.Routing;

/// <summary>A cell, a policy, a request and the places' scripts, all drawn from one seed: a failing seed repeats itself.</summary>
internal sealed class GeneratedFarm
{
    private static readonly string[] Cells = ["eu-west", "central", "us-east", "spare"];
    private static readonly string[] Tenants = ["default", "free", "research"];
    private static readonly string[] ModelNames = ["keyword", "triage", "plain"];
    private readonly Random random;

    public GeneratedFarm(int seed)
    {
        random = new Random(seed);
        Farm = new Farm { Cell = Pick(Cells), Zone = Pick(Enum.GetValues<Zone>()), Policy = Policy(), Draining = Chance(0.03), Battery = Chance(0.2) ? random.Next(101) : null, Pressure = Chance(0.3) ? random.Next(5) : 0 };
        foreach (var model in ModelNames) AddModel(model);
        for (var i = random.Next(4); i > 0; i--) AddLink();
        if (Chance(0.1)) Farm.Quotas[Pick(Tenants)] = new QuotaState(OverRate: true);
        Request = MakeRequest();
        if (Chance(0.1)) Farm.MemoryBytes = random.Next(16 << 20);
        foreach (var peer in Farm.Peers.Where(_ => Chance(0.5))) Farm.MeasureAbove(peer.Key.Node, peer.Variants[0].Key.Model, 1, random.Next(90));
        Farm.Metered = Chance(0.2);
        if (Farm.Metered) Bytes += Limits.MeteredInputBytesMax * random.Next(2);
        Signals = MakeSignals();
    }

    public Farm Farm { get; }

    /// <summary>Without tensors; <see cref="Bytes"/> says how many it stands for.</summary>
    public InferenceRequest Request { get; }

    public int Bytes { get; private set; }

    /// <summary>What may be known of the request before its plan.</summary>
    public RequestSignals Signals { get; }

    public PrivacyCeiling ManifestCeiling(string model) => Farm.Inputs().Repository.Models.TryGetValue(model, out var entry) && (entry.Default ?? entry.Versions.LastOrDefault())?.Manifest is { } manifest ? manifest.Privacy : PrivacyCeiling.Device;

    public PlanRequest PlanRequest => new PlanRequest(Request) with { InputBytes = Bytes };

    public bool ShedsItsTenant => Farm.Pressure >= Farm.Policy.Shed.Count && Request.Caller.Tenant == "free";

    /// <summary>The same farm with no way up.</summary>
    public SnapshotInputs WithoutAbove() => Farm.Inputs() with { Upstreams = [.. Farm.Inputs().Upstreams.Select(u => u with { Health = LinkHealth.Down })] };

    public Script Script() => new(
        random.NextDouble(), Chance(0.35) ? Pick(Enum.GetValues<FailureCode>()) : null, Chance(0.2) ? random.Next(400) : random.Next(30), Chance(0.2), Chance(0.3));

    private T Pick<T>(IReadOnlyList<T> from) => from[random.Next(from.Count)];

    private bool Chance(double p) => random.NextDouble() < p;

    private T? Perhaps<T>(double p, Func<T> make) where T : struct => Chance(p) ? make() : null;

    private string? PerhapsName(double p, IReadOnlyList<string> names) => Chance(p) ? Pick(names) : null;

    private void AddModel(string model)
    {
        var zones = Enum.GetValues<Zone>().Where(_ => Chance(0.8)).ToArray();
        var variants = zones.Select(z => Farm.Variant("for-" + z.WireName(), random.Next(60), z)).ToArray();
        var loaded = variants.Where(v => v.Zones.Contains(Farm.Zone) && Chance(0.8)).Select(v => v.Name).ToArray();
        Farm.AddVersion(model, 1, Pick(Enum.GetValues<PrivacyCeiling>()), model == "plain" ? null : random.NextDouble(), variants, loaded, Chance(0.05) ? VersionState.Loading : VersionState.Ready, Chance(0.05), Perhaps(0.3, () => Pick(Enum.GetValues<UpdateCadence>())), Perhaps(0.5, random.NextDouble), Chance(0.9));
        foreach (var name in loaded.Where(_ => Chance(0.5))) Farm.Measure(new VariantKey(model, 1, name), random.Next(80), random.Next(40));
        if (Chance(0.4)) Farm.AddPeer("peer-" + model, new VariantKey(model, 1, "for-" + Farm.Zone.WireName()), random.Next(20), random.Next(20));
    }

    private void AddLink()
    {
        var name = Pick(Cells);
        if (Farm.Upstreams.Any(u => u.Name == name)) return;
        Farm.AddUpstream(name, Pick(Enum.GetValues<Zone>()), Pick(Enum.GetValues<LinkHealth>()), random.Next(80), TimeSpan.FromSeconds(random.Next(20)), Chance(0.3) ? random.NextDouble() : 0);
        foreach (var model in ModelNames.Where(_ => Chance(0.2))) Farm.MeasureAbove(name, model, 1, random.Next(90));
    }

    private PolicyConfig Policy() => new()
    {
        Policy = "generated",
        Revision = 1,
        Prices = new Dictionary<string, PriceConfig> { ["edge"] = new(0.2), ["cloud"] = new(1, 0, 0.1) },
        PrivateTags = ["patient"],
        Shed = ["mirror", "explain", "escalation", "tenant:free"],
        Defaults = Set(0.1) with { Privacy = null },
        Rules = [.. Enumerable.Range(0, random.Next(8)).Select(Rule)],
    };

    private RuleConfig Rule(int i)
    {
        var when = new RuleWhenConfig(
            PerhapsName(0.4, ModelNames), PerhapsName(0.4, Tenants), Chance(0.3) ? Tags() : null,
            Perhaps(0.2, () => (long)random.Next(100)), Perhaps(0.2, () => 120L + random.Next(100)), PerhapsName(0.2, Zones.AllNames));
        var loosen = when.Tenant is not null && Chance(0.5) ? new RuleLoosenConfig(Pick(PrivacyCeilings.AllNames)) : null;
        var set = Set(0.25);
        if (loosen is null && set == new RuleSetConfig()) set = set with { Privacy = Pick(PrivacyCeilings.AllNames) };
        return new RuleConfig { Id = $"R{i}", When = when, Set = set, Loosen = loosen, Because = "Generated.", Owner = "tests" };
    }

    private RuleSetConfig Set(double p) => new(
        PerhapsName(p, PrivacyCeilings.AllNames), PerhapsName(p / 2, RouteModes.AllNames), PerhapsName(p, RouteObjectives.AllNames),
        Perhaps(p, () => 1L + random.Next(200)), Perhaps(p / 2, () => (long)random.Next(60)), Perhaps(p, random.NextDouble));

    private Dictionary<string, string> Tags()
    {
        var tags = new Dictionary<string, string>();
        if (Chance(0.7)) tags["room"] = Pick(["bedroom", "kitchen"]);
        if (Chance(0.3)) tags["patient"] = Pick(["p1", "p2"]);
        return tags;
    }

    private RequestSignals MakeSignals() => new(
        Chance(0.3) ? random.NextDouble() : 0, Pick(Enum.GetValues<HardSource>()),
        new QuotaState(Chance(0.05), Perhaps(0.3, () => random.NextDouble() * 60), TimeSpan.FromTicks(random.Next())));

    private InferenceRequest MakeRequest()
    {
        Bytes = 2 + (2 * random.Next(120));
        var parameters = new RouteParameters(
            Perhaps(0.5, () => Pick(Enum.GetValues<RouteMode>())), Perhaps(0.4, () => Pick(Enum.GetValues<PrivacyCeiling>())),
            Perhaps(0.3, () => 1L + random.Next(200)), Perhaps(0.2, () => (long)random.Next(60)), Perhaps(0.4, random.NextDouble), false, Tags());
        var hops = Enumerable.Range(0, Chance(0.6) ? 0 : random.Next(6)).Select(_ => Chance(0.3) ? Pick(Cells) : "cell-" + random.Next(9)).ToArray();
        TimeSpan? timeout = Chance(0.7) ? TimeSpan.FromMilliseconds(1 + random.Next(500)) : null;
        return new InferenceRequest("r", Chance(0.03) ? "unknown" : Pick(ModelNames), null, [], Chance(0.2) ? ["extra"] : [], parameters, new Caller(Pick(Tenants), hops, Chance(0.4), null), timeout);
    }
}
