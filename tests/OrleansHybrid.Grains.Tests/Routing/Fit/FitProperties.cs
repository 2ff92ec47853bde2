using System.Text;
using CsCheck;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Domain.Routing.Fit;
using OrleansHybrid.Yaml.Routing;
using Xunit;

namespace OrleansHybrid.Grains.Tests.Routing.Fit;

/// <summary>Worksheet and router cannot disagree: over generated features, by the draft's text as a cell would read it, on farms that the tests build themselves.</summary>
public class FitProperties
{
    private const int Cases = 3000;
    private static readonly DateTimeOffset Now = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Router_under_the_draft_uses_no_zone_that_the_matrix_removed_and_chooses_the_one_the_verdict_names() => Gen.Int.Sample(
        seed =>
        {
            var feature = new GeneratedFeature(seed);
            var sheet = FitExample.Compute(feature.Answers, feature.Manifest, feature.Policy);
            if (sheet.Draft is null)
            {
                Assert.DoesNotContain(Enum.GetValues<Zone>(), sheet.Matrix.Keeps);
                Assert.Equal(FitVerdict.None, sheet.Verdict.Placement);
                return;
            }

            var policy = Read(sheet.Draft.Policy);
            for (var arrived = feature.Answers.ArrivesIn; arrived <= Zone.Cloud; arrived++)
            {
                Assert.All(ZonesOf(Plan(feature, policy, arrived)), zone => Assert.True(sheet.Matrix.Keeps(zone), $"{zone} was removed by {string.Join(", ", sheet.Matrix.Against(zone).Select(r => r.Id))}"));
            }

            Assert.Equal(sheet.Verdict.First, ZonesOf(Plan(feature, policy, sheet.Verdict.EntersIn!.Value))[0]);
        },
        iter: Cases);

    [Fact]
    public void Planner_excludes_for_the_named_rule_what_a_planner_row_removes() => Gen.Int.Sample(
        seed =>
        {
            var feature = new GeneratedFeature(seed);
            var sheet = FitExample.Compute(feature.Answers, feature.Manifest, feature.Policy);
            var row = sheet.Matrix.Row("privacy");
            for (var zone = feature.Answers.ArrivesIn; zone <= Zone.Cloud; zone++)
            {
                var parameters = RouteParameters.None with { Privacy = feature.Answers.Ceiling };
                var verdict = RoutePlanner.Plan(Request(feature) with { Parameters = parameters }, Farm(feature, CompiledPolicy.Empty, feature.Answers.ArrivesIn).Snapshot(Now), Now).Verdict(zone);
                if (row[zone].Mark == FitMark.No) Assert.Equal((ZoneVerdictKind.Excluded, "ceiling"), (verdict.Kind, CompiledPolicy.Empty.IdOf(verdict.Rule)));
            }
        },
        iter: 300);

    [Fact]
    public void Generated_features_reach_every_placement_and_every_planner_row()
    {
        var sheets = Enumerable.Range(0, 2000).Select(seed => new GeneratedFeature(seed)).Select(f => FitExample.Compute(f.Answers, f.Manifest, f.Policy)).ToArray();

        Assert.Equal(["cloud", "device", "edge", "hybrid", "none"], sheets.Select(s => s.Verdict.Placement).Distinct().Order(StringComparer.Ordinal));
        Assert.Contains(sheets, s => s.Verdict.Fallback.Count > 0);
        Assert.Contains(sheets, s => s.Draft?.Policy.Rules.Any(r => r.Id.EndsWith("-device", StringComparison.Ordinal) && r.Owner == "team") == true);
        foreach (var id in new[] { "reach", "privacy", "policy", "capability", "memory", "battery", "latency", "cost", "offline" })
        {
            Assert.Contains(sheets, s => s.Matrix.Row(id) is var row && new[] { row.Device, row.Edge, row.Cloud }.Any(c => c.Mark == FitMark.No));
        }
    }

    private static CompiledPolicy Read(PolicyConfig draft)
    {
        var reading = PolicyReader.Read(Encoding.UTF8.GetBytes(PolicyWriter.Write(draft)), "draft.yaml");
        Assert.Empty(reading.Lines);
        return reading.Policy!;
    }

    private static PlanRequest Request(GeneratedFeature feature) =>
        new(feature.Manifest.Model, null, RouteParameters.None, Caller.Anonymous, feature.Answers.InputBytes ?? 0, Limits.DeadlineMax);

    private static RoutePlan Plan(GeneratedFeature feature, CompiledPolicy policy, Zone arrived) =>
        RoutePlanner.Plan(Request(feature), Farm(feature, policy, arrived).Snapshot(Now), Now);

    /// <summary>The feature's farm, built anew from manifest and answers.</summary>
    private static TrialFarm Farm(GeneratedFeature feature, CompiledPolicy policy, Zone arrived)
    {
        var answers = feature.Answers;
        var variants = feature.Manifest.Variants;
        if (arrived == Zone.Device && answers.Device.RunMs is { } ms)
        {
            variants = [.. variants.Where(v => v.Zones.Contains(Zone.Device)).Select(v => v with { Zones = [Zone.Device], LatencyMs = ms }), .. variants.Select(v => v with { Zones = [.. v.Zones.Where(z => z != Zone.Device)] })];
        }

        var links = Enum.GetValues<Zone>().Where(z => z > arrived).Select(z => new TrialLink(z, LinkHealth.Up, LinkMs(answers, z)));
        return new TrialFarm(arrived, policy, [feature.Manifest with { Variants = variants, Updates = answers.Updates ?? feature.Manifest.Updates }], [.. links], new Dictionary<VariantKey, VariantLoad>())
        {
            MemoryBytes = arrived == Zone.Device ? (answers.Device.MemoryMib ?? 0) * (1L << 20) : 0,
        };
    }

    /// <summary>Round trip and the time the input takes on the way, from where requests arrive.</summary>
    private static double LinkMs(FitAnswers answers, Zone zone)
    {
        if (zone <= answers.ArrivesIn || answers.Links[zone].RoundTripMs is not { } roundTrip) return 0;
        return roundTrip + (answers.InputBytes is { } bytes && answers.Links[zone].BandwidthKbps is { } kbps ? bytes * 8 / kbps : 0);
    }

    private static List<Zone> ZonesOf(RoutePlan plan) => [.. Enumerable.Range(0, plan.AttemptCount).Select(i => plan.Attempt(i).Candidate.Zone)];
}
