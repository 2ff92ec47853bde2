using OrleansHybrid.Client;
using OrleansHybrid.Domain;
using OrleansHybrid.EndToEnd.Tests.Harness;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Client;

/// <summary>Start, changes of what a client knows, and its end.</summary>
public sealed class HybridClientLifeTests
{
    [Fact]
    public async Task Options_that_cannot_work_are_listed_all_at_once()
    {
        var options = new HybridClientOptions(["nowhere"], "") { Upstream = "http://192.0.2.1:8001", Node = "two words" };

        var refused = await Assert.ThrowsAsync<ArgumentException>(() => HybridClient.StartAsync(options, CancellationToken.None));

        Assert.All(["Models:", "'nowhere'", "Data:", "Node:", "Upstream:", "https://"], part => Assert.Contains(part, refused.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Data_folder_belongs_to_one_client_until_that_is_disposed()
    {
        using var folder = new TempFolder();
        var options = new HybridClientOptions([RepositoryRoot.SampleModels], folder.Sub("state"));
        var first = await HybridClient.StartAsync(options, CancellationToken.None);

        var refused = await Assert.ThrowsAsync<IOException>(() => HybridClient.StartAsync(options, CancellationToken.None));
        await first.DisposeAsync();
        await using var second = await HybridClient.StartAsync(options, CancellationToken.None);

        Assert.Contains("in use by another client", refused.Message, StringComparison.Ordinal);
        Assert.NotEmpty(second.Models.State.Models);
    }

    [Fact]
    public async Task Model_that_is_unloaded_and_loaded_again_is_seen_by_the_next_request()
    {
        await using var device = await Device.StartAsync();

        await device.Client.Models.UnloadAsync(Clips.Model, null, CancellationToken.None);
        var gone = await device.AskAsync(Clips.EasyAudio);
        await device.Client.Models.LoadAsync(Clips.Model, null, CancellationToken.None);
        var back = await device.AskAsync(Clips.EasyAudio);

        Assert.Null(gone.Response);
        Assert.Equal(Device.EasyLabel, back.Response?.Label);
    }

    [Fact]
    public async Task Prediction_follows_what_was_measured()
    {
        await using var device = await Device.StartAsync();
        var declared = await PredictedMs(device);

        for (var i = 0; i < 50; i++) await device.AnswerAsync(Clips.EasyAudio);

        await Wait.Until(async () => await PredictedMs(device) != declared, "a measured p95 replaces the manifest's latency");
    }

    [Fact]
    public async Task Low_battery_sends_the_request_up()
    {
        var charge = 90;
        await using var above = await CellAbove.StartAsync();
        await using var device = await Device.StartAsync(above.Address, o => o with { BatteryPercent = () => Volatile.Read(ref charge) });
        Assert.Equal(Zone.Device, (await device.AnswerAsync(Clips.EasyAudio)).Provenance.Zone);

        Volatile.Write(ref charge, Limits.BatteryPercentMin - 1);
        await Wait.Until(async () => (await device.ExplainAsync("cloud")).GetProperty("verdict").GetString() == "chosen", "the snapshot knows the charge");

        Assert.Equal(Zone.Cloud, (await device.AnswerAsync(Clips.EasyAudio)).Provenance.Zone);
    }

    [Fact]
    public async Task Client_that_was_disposed_refuses_and_throws_nothing()
    {
        await using var device = await Device.StartAsync();
        await device.Client.DisposeAsync();

        Assert.Equal(FailureCode.ShuttingDown, (await device.AskAsync(Clips.EasyAudio)).Failure?.Code);
    }

    private static async Task<double> PredictedMs(Device device) => (await device.ExplainAsync("device")).GetProperty("predicted_ms_p95").GetDouble();
}
