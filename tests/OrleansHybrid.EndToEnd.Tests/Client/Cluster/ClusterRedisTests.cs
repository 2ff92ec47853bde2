using System.Runtime.InteropServices;
using OrleansHybrid.Client.Orleans;
using OrleansHybrid.EndToEnd.Tests.Harness;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Client.Cluster;

/// <summary>The cell's silos found through its Redis.</summary>
public sealed class ClusterRedisTests
{
    [SkippableFact]
    public async Task Silos_are_found_in_Redis_and_a_wrong_name_is_told_the_right_ones()
    {
        Skip.If(RedisServer.Program is null, "redis-server is not installed");
        await using var redis = await RedisServer.StartAsync();
        using var folder = new TempFolder();
        var cell = TestCell.Create("eu-west") with { Store = redis.Address };
        await using var silo = SiloProcess.Start(cell.Arguments(folder.Path), folder.Path);
        await silo.WaitUntilReadyAsync();

        await using var service = await ClusterService.StartAsync(o => (o.Cell, o.Redis) = ("eu-west", redis.Address));
        var audio = ClusterTensors.Of("audio", MemoryMarshal.Cast<byte, short>(Clips.EasyAudio), 1, Clips.Samples);
        var result = await service.Cluster.Router.InferAsync(ClusterRequests.Of(Clips.Model, audio, timeout: Wait.Long));
        var refused = await Assert.ThrowsAsync<HybridClusterException>(() => ClusterService.StartAsync(o => (o.Cell, o.Redis, o.ConnectTimeout) = ("eu-wset", redis.Address, TimeSpan.FromSeconds(3))));

        Assert.Equal("eu-west", result.Response?.Provenance.Cell);
        Assert.True(refused.Message.Contains("lists 'eu-west': check Cell", StringComparison.Ordinal), refused.Message);
    }
}
