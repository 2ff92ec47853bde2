using System.IO.Compression;
using System.Text;
using OrleansHybrid.EndToEnd.Tests.Harness;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Routing;

/// <summary>Raw input under an <c>edge</c> ceiling is found nowhere outside its region: no log, no trace, no metric, no store, and not on the wire.</summary>
public sealed class PrivacyCanaryTests
{
    private const int Requests = 30;

    [Fact]
    public async Task A_private_tensor_leaves_no_mark_beyond_its_zone()
    {
        var canary = Canary.FromSeed(20_261_124);
        await using var traces = TraceCollector.Start();
        RecordingProxy? wire = null;
        await using var farm = await TestFarm.StartAsync(FarmShape.ThreeProcesses, environment: traces.Environment, between: central => wire = RecordingProxy.To(central.Grpc));
        await using var recorder = wire!;
        await farm.WaitForLinksAsync();
        recorder.Take();

        await SendPrivateAsync(farm, canary);

        Assert.False(canary.IsIn(recorder.Take()), "on the wire to central");
        foreach (var cell in new[] { farm.Central, farm.EuWest, farm.UsEast })
        {
            Assert.False(canary.IsIn(farm.ProcessOf(cell).Log + farm.ProcessOf(cell).Output), $"in the log of {cell.Name}");
            foreach (var view in new[] { "/metrics", "/v1/egress", "/v1/versions", "/v1/nodes" }) Assert.False(canary.IsIn(await farm.Http.GetStringAsync(cell.HttpUrl + view)), $"in {view} of {cell.Name}");
        }

        Assert.False(canary.IsIn(traces.Take()), "in the traces");
        Assert.Contains("\"written\":0", await farm.Http.GetStringAsync($"{farm.EuWest.HttpUrl}/v1/egress"));
        await farm.StopAsync();
        foreach (var file in Directory.EnumerateFiles(farm.Folder, "*", SearchOption.AllDirectories)) Assert.False(canary.IsIn(await File.ReadAllBytesAsync(file)), $"in {file}");
    }

    [Fact]
    public async Task The_same_tensor_without_a_ceiling_is_seen_on_the_wire_and_leaves_an_egress_record()
    {
        var canary = Canary.FromSeed(7);
        RecordingProxy? wire = null;
        await using var farm = await TestFarm.StartAsync(FarmShape.ThreeProcesses, between: central => wire = RecordingProxy.To(central.Grpc));
        await using var recorder = wire!;
        await farm.WaitForLinksAsync();

        var answer = await farm.Http.InferRawAsync(farm.EuWest, canary.Audio, Clips.Model, ("hybrid-mode", "ONLY_IN_CLOUD"));

        Assert.Equal((true, "cloud"), (answer.Ok, answer.Zone));
        Assert.True(canary.IsIn(recorder.Take()));
        Assert.Contains("\"written\":1", await farm.Http.GetStringAsync($"{farm.EuWest.HttpUrl}/v1/egress"));
    }

    [Theory]
    [InlineData("raw")]
    [InlineData("json")]
    [InlineData("base64")]
    [InlineData("gzip")]
    public void The_canary_is_found_in_every_form(string form)
    {
        var canary = Canary.FromSeed(3);
        using var packed = new MemoryStream();
        packed.Write("before"u8);
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true)) gzip.Write(canary.Audio);

        Assert.True(canary.IsIn(form switch
        {
            "raw" => canary.Audio,
            "json" => Encoding.UTF8.GetBytes(OipCalls.JsonOf(canary.Audio)),
            "base64" => Encoding.ASCII.GetBytes(Convert.ToBase64String(canary.Audio)),
            _ => packed.ToArray(),
        }));
        Assert.False(canary.IsIn(Canary.FromSeed(4).Audio));
    }

    /// <summary>Noise is hard, so each of these wants to go up; wrong shapes and unknown models make errors that could quote it.</summary>
    private static async Task SendPrivateAsync(TestFarm farm, Canary canary)
    {
        for (var i = 0; i < Requests; i++)
        {
            var json = await farm.Http.InferJsonAsync(farm.EuWest, OipCalls.JsonOf(canary.Audio, ("privacy", "edge")));
            Assert.Equal((true, "edge"), (json.Ok, json.Zone));
            var raw = await farm.Http.InferRawAsync(farm.EuWest, canary.Audio, Clips.Model, ("hybrid-privacy", "edge"));
            Assert.Equal((true, "edge"), (raw.Ok, raw.Zone));
            Assert.Equal("edge", (await OipCalls.InferGrpcAsync(farm.EuWest, canary.Audio, r => r.Parameters["privacy"] = new() { StringParam = "edge" })).Zone);
        }

        Answer[] refused =
        [
            await farm.Http.InferJsonAsync(farm.EuWest, OipCalls.JsonOf(canary.Audio, ("privacy", "device"))),
            await farm.Http.InferJsonAsync(farm.EuWest, OipCalls.JsonOf(canary.Audio, ("privacy", "edge"), ("mode", "ONLY_IN_CLOUD"))),
            await farm.Http.InferJsonAsync(farm.EuWest, OipCalls.JsonOf(canary.Audio, ("privacy", "edge")), model: "unknown"),
            await farm.Http.InferRawAsync(farm.EuWest, canary.Audio[..^7], Clips.Model, ("hybrid-privacy", "edge")),
        ];
        Assert.All(refused, a => Assert.False(a.Ok || canary.IsIn(a.Text), a.Text));
    }
}
