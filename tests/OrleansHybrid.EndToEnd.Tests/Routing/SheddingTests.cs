using OrleansHybrid.Domain.Routing;
using OrleansHybrid.EndToEnd.Tests.Access;
using OrleansHybrid.EndToEnd.Tests.Harness;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Routing;

/// <summary>A region whose engine is asked for more than it can do leaves out what its policy lists, and takes it up again.</summary>
public sealed class SheddingTests : IDisposable
{
    /// <summary>More than the queue of eight and the runs in flight take together.</summary>
    private const int Askers = 24;

    /// <summary>Some tens of milliseconds each.</summary>
    private const long Times = 200_000;

    private readonly TempFolder central = new();
    private readonly TempFolder region = new();
    private readonly HttpClient http = new() { Timeout = Wait.Long };

    public void Dispose()
    {
        http.Dispose();
        central.Dispose();
        region.Dispose();
    }

    [Fact]
    public async Task Overload_stops_escalations_first_and_its_end_brings_them_back()
    {
        await using var above = await RunningCell.StartAsync(TestCell.Create("central"), central, ["--models", RepositoryRoot.SampleModels]);
        var slow = SlowModel.WriteTo(region, "edge", "batching: { max_batch_size: 0, max_queue_size: 8 }");
        await using var below = await RunningCell.StartAsync(TestCell.Create("eu-west", above.Cell), region, ["--models", RepositoryRoot.SampleModels, "--models", slow]);
        await below.LinkAsync();
        below.Apply(new PolicyConfig { Policy = "test", Revision = 1, Shed = ["escalation"] });
        await Wait.Until(async () => (await AskUnsureAsync(below)).Zone == "cloud", "the unsure clip to go up while there is no pressure");

        using var relief = new CancellationTokenSource();
        var askers = Enumerable.Range(0, Askers).Select(_ => AskAgainAndAgainAsync(below, relief.Token)).ToArray();
        Answer? shed = null;
        await Wait.Until(async () => (shed = await AskUnsureAsync(below)).Reason.EndsWith("cloud=fallback:shed", StringComparison.Ordinal), "the unsure clip to stay under pressure");
        Assert.Equal((true, "edge", true), (shed!.Ok, shed.Zone, shed.Degraded));
        var metrics = await MetricsAsync(below);
        Assert.Contains("hybrid_pressure{cell=\"eu-west\"} 1", metrics, StringComparison.Ordinal);
        Assert.Contains("hybrid_shed_total{cell=\"eu-west\",item=\"escalation\"}", metrics, StringComparison.Ordinal);

        await relief.CancelAsync();
        await Task.WhenAll(askers);
        await Wait.Until(async () => (await AskUnsureAsync(below)).Zone == "cloud", "the unsure clip to go up again");
        await Wait.Until(async () => (await MetricsAsync(below)).Contains("hybrid_pressure{cell=\"eu-west\"} 0", StringComparison.Ordinal), "the metric to tell so");
    }

    [Fact]
    public async Task Tenant_that_is_shed_is_told_when_to_come_back_and_the_others_are_answered()
    {
        var slow = SlowModel.WriteTo(central, "cloud", "batching: { max_batch_size: 0, max_queue_size: 8 }");
        await using var cell = await RunningCell.StartAsync(TestCell.Create("central"), central, ["--models", RepositoryRoot.SampleModels, "--models", slow]);
        var free = (await cell.MakeKeyAsync(http, "free", "infer")).Key;
        cell.Apply(new PolicyConfig { Policy = "test", Revision = 1, Shed = ["tenant:free"] });
        using var asFree = new HttpClient { Timeout = Wait.Long };
        asFree.DefaultRequestHeaders.Authorization = new("Bearer", free);
        Assert.True((await asFree.InferJsonAsync(cell.Cell, Clips.EasyJson)).Ok);

        using var relief = new CancellationTokenSource();
        var askers = Enumerable.Range(0, Askers).Select(_ => AskAgainAndAgainAsync(cell, relief.Token)).ToArray();
        Answer? refused = null;
        await Wait.Until(async () => !(refused = await asFree.InferJsonAsync(cell.Cell, Clips.EasyJson)).Ok, "the tenant to be shed");
        var other = await http.InferJsonAsync(cell.Cell, Clips.EasyJson);
        await relief.CancelAsync();
        await Task.WhenAll(askers);

        Assert.Equal(System.Net.HttpStatusCode.TooManyRequests, refused!.Status);
        Assert.Contains("cloud=excluded:shed", refused.Text, StringComparison.Ordinal);
        Assert.True(other.Ok, other.Text);
    }

    private async Task AskAgainAndAgainAsync(RunningCell cell, CancellationToken relief)
    {
        while (!relief.IsCancellationRequested) await http.InferJsonAsync(cell.Cell, SlowModel.JsonOf(Times), SlowModel.Name, CancellationToken.None);
    }

    private Task<Answer> AskUnsureAsync(RunningCell cell) => http.InferJsonAsync(cell.Cell, Clips.UnsureJson);

    private Task<string> MetricsAsync(RunningCell cell) => http.GetStringAsync(cell.Cell.HttpUrl + "/metrics");
}
