using Grpc.Core;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Privacy;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.EndToEnd.Tests.Harness;
using OrleansHybrid.Links.Upstreams;
using Xunit;
using RecordingProxy = OrleansHybrid.EndToEnd.Tests.Links.RecordingProxy;

namespace OrleansHybrid.EndToEnd.Tests.Client;

public sealed class HybridClientTests
{
    private const string DeadPort = "http://127.0.0.1:1";

    [Fact]
    public async Task Easy_input_is_answered_on_the_device_and_nothing_leaves()
    {
        await using var above = await CellAbove.StartAsync();
        await using var device = await Device.StartAsync(above.Address);

        var answer = await device.AnswerAsync(Clips.EasyAudio);

        Assert.Equal((Device.EasyLabel, Zone.Device, "phone-7", "tiny-int8"), (answer.Label, answer.Provenance.Zone, answer.Provenance.Node, answer.Provenance.Variant));
        Assert.False(answer.Escalated || answer.Degraded);
        Assert.Empty(above.Requests);
        Assert.Equal(0, device.Client.Egress.Written);
    }

    [Fact]
    public async Task Unsure_input_is_answered_by_the_cell_above_and_leaves_an_egress_record()
    {
        await using var above = await CellAbove.StartAsync();
        await using var device = await Device.StartAsync(above.Address);

        var answer = await device.AnswerAsync(Clips.UnsureAudio);

        Assert.Equal((CellAbove.Label, Zone.Cloud, "central"), (answer.Label, answer.Provenance.Zone, answer.Provenance.Cell));
        Assert.True(answer is { Escalated: true, Degraded: false });
        Assert.Equal(Clips.UnsureAudio, Assert.Single(above.Requests).RawInputContents[0].ToByteArray());
        Assert.Equal("phone-7", Assert.Single(above.Headers).GetValue(WireNames.HopsHeader));
        var record = Assert.Single(device.Client.Egress.Read());
        Assert.Equal((Zone.Device, Zone.Cloud, Clips.UnsureAudio.Length), (record.FromZone, record.ToZone, record.Bytes));
    }

    [Fact]
    public async Task Hard_input_goes_to_the_cell_above_first()
    {
        await using var above = await CellAbove.StartAsync();
        await using var device = await Device.StartAsync(above.Address);
        InferenceResponse? answer = null;

        // The verdict is waited for a few milliseconds only, and a starved machine may route without it.
        await Wait.Until(async () => (answer = await device.AnswerAsync(Clips.HardAudio)).Reason == "device=fallback:objective;edge=excluded:unlinked;cloud=chosen:hard", "the classifier's verdict to decide");

        Assert.Equal((CellAbove.Label, Zone.Cloud, false, false), (answer!.Label, answer.Provenance.Zone, answer.Escalated, answer.Degraded));
        Assert.Equal(TimeSpan.Zero, answer.Times.Here);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(RouteMode.PreferOnDevice)]
    [InlineData(RouteMode.PreferEdge)]
    [InlineData(RouteMode.PreferInCloud)]
    [InlineData(RouteMode.OnlyInCloud)]
    public async Task Input_under_a_device_ceiling_is_never_on_the_socket(RouteMode? mode)
    {
        var canary = Canary.FromSeed(41);
        await using var above = await CellAbove.StartAsync();
        await using var proxy = new RecordingProxy(above.Port);
        await using var device = await Device.StartAsync(proxy.Address);
        await Wait.Until(() => device.Client.Link!.Health == LinkHealth.Up, "the link is up");

        var noise = await device.AskAsync(canary.Audio, mode, PrivacyCeiling.Device);
        var unsure = await device.AskAsync(Clips.UnsureAudio, mode, PrivacyCeiling.Device);

        if (mode == RouteMode.OnlyInCloud) Assert.Equal((FailureCode.NoEligibleZone, FailureCode.NoEligibleZone), (noise.Failure?.Code, unsure.Failure?.Code));
        else Assert.Equal((Zone.Device, Zone.Device), (noise.Response?.Provenance.Zone, unsure.Response?.Provenance.Zone));
        Assert.Empty(above.Requests);
        Assert.NotEmpty(proxy.Sent);
        Assert.False(canary.IsIn(proxy.Sent));
        Assert.Equal(0, device.Client.Egress.Written);
    }

    [Fact]
    public async Task Unsure_input_over_a_dead_link_is_answered_on_the_device_as_degraded()
    {
        await using var device = await Device.StartAsync(DeadPort);

        var first = await device.AnswerAsync(Clips.UnsureAudio);
        await Wait.Until(() => device.Client.Link!.Health == LinkHealth.Down, "the link is down");
        var later = await device.AnswerAsync(Clips.UnsureAudio);
        var easy = await device.AnswerAsync(Clips.EasyAudio);

        Assert.Equal((Zone.Device, true, false), (first.Provenance.Zone, first.Degraded, first.Escalated));
        Assert.Equal((Zone.Device, true, false), (later.Provenance.Zone, later.Degraded, later.Escalated));
        Assert.Equal((Device.EasyLabel, false), (easy.Label, easy.Degraded));
        Assert.Equal(0, device.Client.Egress.Written);
    }

    [Fact]
    public async Task Device_without_an_upstream_answers_all_that_does_not_insist_on_another_zone()
    {
        await using var device = await Device.StartAsync();

        var unsure = await device.AnswerAsync(Clips.UnsureAudio);
        var wantedCloud = await device.AnswerAsync(Clips.EasyAudio, RouteMode.PreferInCloud);
        var onlyCloud = await device.AskAsync(Clips.EasyAudio, RouteMode.OnlyInCloud);

        Assert.Null(device.Client.Link);
        Assert.Equal((Zone.Device, false), (unsure.Provenance.Zone, unsure.Escalated));
        Assert.Equal((Device.EasyLabel, Zone.Device), (wantedCloud.Label, wantedCloud.Provenance.Zone));
        Assert.Contains("cloud=excluded:unlinked", wantedCloud.Reason, StringComparison.Ordinal);
        Assert.Equal(FailureCode.NoEligibleZone, onlyCloud.Failure?.Code);
    }

    [Theory]
    [InlineData(RouteMode.OnlyOnDevice, Zone.Cloud, Zone.Device)]
    [InlineData(RouteMode.PreferOnDevice, Zone.Cloud, Zone.Device)]
    [InlineData(RouteMode.PreferInCloud, Zone.Cloud, Zone.Cloud)]
    [InlineData(RouteMode.OnlyInCloud, Zone.Cloud, Zone.Cloud)]
    [InlineData(RouteMode.OnlyEdge, Zone.Edge, Zone.Edge)]
    [InlineData(RouteMode.PreferEdge, Zone.Edge, Zone.Edge)]
    public async Task Mode_decides_the_zone_of_an_easy_input(RouteMode mode, Zone upstream, Zone expected)
    {
        await using var above = await CellAbove.StartAsync(upstream);
        await using var device = await Device.StartAsync(above.Address, o => o with { UpstreamZone = upstream });

        var answer = await device.AnswerAsync(Clips.EasyAudio, mode);

        Assert.Equal((expected, false), (answer.Provenance.Zone, answer.Degraded));
        Assert.Equal(expected == Zone.Device ? 0 : 1, above.Requests.Count);
    }

    [Fact]
    public async Task Only_on_device_keeps_an_unsure_input()
    {
        await using var above = await CellAbove.StartAsync();
        await using var device = await Device.StartAsync(above.Address);

        Assert.Equal(Zone.Device, (await device.AnswerAsync(Clips.UnsureAudio, RouteMode.OnlyOnDevice)).Provenance.Zone);
        Assert.Empty(above.Requests);
    }

    [Fact]
    public async Task Upstream_that_calls_the_input_bad_is_replaced_by_the_device()
    {
        await using var above = await CellAbove.StartAsync();
        above.Answer = (_, _) => CellAbove.Refuse(StatusCode.InvalidArgument);
        await using var device = await Device.StartAsync(above.Address);

        var answer = await device.AnswerAsync(Clips.EasyAudio, RouteMode.PreferInCloud);

        Assert.Equal((Device.EasyLabel, Zone.Device, true), (answer.Label, answer.Provenance.Zone, answer.Degraded));
        Assert.Single(above.Requests);
    }

    [Fact]
    public async Task Explanation_says_for_each_zone_why()
    {
        await using var above = await CellAbove.StartAsync();
        await using var device = await Device.StartAsync(above.Address);

        var here = await device.ExplainAsync("device");
        var cloud = await device.ExplainAsync("cloud");
        var private_ = await device.ExplainAsync("cloud", privacy: PrivacyCeiling.Device);
        var offline = await device.ExplainAsync("cloud", assume: ("cloud", "down"));

        Assert.Equal(("chosen", "escalation"), (Verdict(here), Verdict(cloud)));
        Assert.Equal(("excluded", "ceiling"), (Verdict(private_), Rule(private_)));
        Assert.Equal(("excluded", "offline"), (Verdict(offline), Rule(offline)));
        Assert.All([here, cloud, private_, offline], z => Assert.NotEmpty(z.GetProperty("sentence").GetString()!));
        Assert.Empty(above.Requests);
    }

    private static string? Verdict(System.Text.Json.JsonElement zone) => zone.GetProperty("verdict").GetString();

    private static string? Rule(System.Text.Json.JsonElement zone) => zone.GetProperty("rule").GetString();
}
