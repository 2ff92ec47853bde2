using System.Text;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Privacy;
using OrleansHybrid.Domain.Routing.Fit;
using OrleansHybrid.Grains.Tests.Harness;
using OrleansHybrid.Yaml.Routing;
using Xunit;

namespace OrleansHybrid.Grains.Tests.Routing.Fit;

public class FitReaderTests
{
    private const string Least = "feature: f\nowner: me\narrives_in: device\nlatency_target_ms: 100\nprivacy: any\n";
    private static readonly YamlSchema Schema = new("docs/reference/schemas/fit.schema.json");

    [Fact]
    public void Least_answers_leave_the_rest_unknown()
    {
        var answers = Read(Least).Answers!;

        Assert.Equal(("f", "me", Zone.Device, 100, PrivacyCeiling.Any), (answers.Feature, answers.Owner, answers.ArrivesIn, answers.LatencyTargetMs, answers.Privacy));
        Assert.Null(answers.Compliance);
        Assert.Null(answers.Offline);
        Assert.Empty(answers.Links);
    }

    [Fact]
    public void Json_and_yaml_give_the_same_answers()
    {
        var json = """{"feature":"f","owner":"me","arrives_in":"device","latency_target_ms":100,"privacy":"edge","links":{"edge":{"loss":0.5}},"compliance":["region_bound"],"runs":{"patched_by":{"edge":"us"}}}""";
        var yaml = Least.Replace("any", "edge", StringComparison.Ordinal) + "links: { edge: { loss: 0.5 } }\ncompliance: [region_bound]\nruns: { patched_by: { edge: us } }\n";

        var (one, other) = (FitReader.ReadJson(Encoding.UTF8.GetBytes(json), "json").Answers!, Read(yaml).Answers!);

        Assert.Equal(one.Links[Zone.Edge], other.Links[Zone.Edge]);
        Assert.Equal((one.Ceiling, one.Compliance!.Single(), one.Runs.PatchedBy[Zone.Edge]), (other.Ceiling, other.Compliance!.Single(), other.Runs.PatchedBy[Zone.Edge]));
        Assert.Equal((PrivacyCeiling.Edge, ComplianceLimit.RegionBound, "us"), (one.Ceiling, one.Compliance!.Single(), one.Runs.PatchedBy[Zone.Edge]));
    }

    [Fact]
    public void All_errors_come_at_once_each_with_its_place_and_remedy()
    {
        var reading = Read("""
            feature: f
            arrives_in: edge
            latency_target_ms: soon
            privacy: secret
            oflline: nothing
            links: { edge: { loss: 0.1 }, cloud: { loss: 2 } }
            device: { memory_mib: 0 }
            """);

        Assert.Null(reading.Answers);
        Assert.Equal(["device.memory_mib", "latency_target_ms", "links.cloud.loss", "links.edge", "oflline", "owner", "privacy"], reading.Errors.Select(e => e.Path).Order(StringComparer.Ordinal));
        Assert.Contains(reading.Lines, l => l.Contains("oflline", StringComparison.Ordinal) && l.EndsWith("Did you mean 'offline'?", StringComparison.Ordinal));
        Assert.All(reading.Errors, e => Assert.True(e.Line > 0 && e.Remedy.Length > 0));
    }

    [Theory]
    [InlineData("")]
    [InlineData("offline: common\nquality: labels\nsacred: cost\nmax_cost_microusd: 0\ninput_bytes: 1\nrequests_per_day: 0.5\n")]
    [InlineData("device: { count: 1, memory_mib: 1, battery_wh: 0, battery_percent: 0, watts: 0.5, run_ms: 0 }\n")]
    [InlineData("links: { edge: { round_trip_ms: 0, loss: 0, bandwidth_kbps: 1, offline_share: 1 } }\ncompliance: []\nhosted_by: { device: own }\n")]
    [InlineData("runs: { startup_ms: 1, run_ms: 1, host_control: full, load: bursty, warm_state: none, patched_by: { cloud: us }, rollback_minutes: { edge: 1 } }\ndelivery: { within_weeks: 1, weeks: { device: 2 } }\n")]
    public async Task Schema_and_reader_accept_the_same(string more)
    {
        Assert.Empty(Read(Least + more).Lines);
        Assert.True(await Schema.AcceptsAsync(Least + more));
    }

    [Theory]
    [InlineData("offline: maybe\n")]
    [InlineData("updates: sometimes\n")]
    [InlineData("max_cost_microusd: -1\n")]
    [InlineData("max_cost_microusd: 0.5\n")]
    [InlineData("requests_per_day: '5'\n")]
    [InlineData("device: { memory_mib: 0 }\n")]
    [InlineData("device: { battery_percent: 101 }\n")]
    [InlineData("links: { edge: { bandwidth_kbps: 0 } }\n")]
    [InlineData("links: { moon: {} }\n")]
    [InlineData("compliance: region_bound\n")]
    [InlineData("compliance: [gdpr]\n")]
    [InlineData("hosted_by: { edge: them }\n")]
    [InlineData("runs: { patched_by: { edge: '' } }\n")]
    [InlineData("delivery: { weeks: { edge: 521 } }\n")]
    public async Task Schema_and_reader_refuse_the_same(string more)
    {
        Assert.Null(Read(Least + more).Answers);
        Assert.False(await Schema.AcceptsAsync(Least + more));
    }

    [Theory]
    [InlineData("wake-word")]
    [InlineData("triage-note")]
    [InlineData("search-embedding")]
    [InlineData("fraud-score")]
    public async Task Schema_accepts_the_worked_features(string name) =>
        Assert.True(await Schema.AcceptsAsync(await File.ReadAllTextAsync(Path.Combine(FitExample.Folder, name + ".yaml"))));

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{\"feature\":null}")]
    [InlineData("")]
    public void Broken_json_is_refused_with_reasons(string json) => Assert.NotEmpty(FitReader.ReadJson(Encoding.UTF8.GetBytes(json), "answers").Lines);

    private static FitReading Read(string yaml) => FitReader.Read(Encoding.UTF8.GetBytes(yaml), "fit.yaml");
}
