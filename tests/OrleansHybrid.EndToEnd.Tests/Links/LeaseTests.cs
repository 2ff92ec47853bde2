using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Links.Privacy;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Links;

public sealed class LeaseTests
{
    private const int PayloadBytes = 1 << 20;

    /// <summary>The caller releases its lease the moment its call returns, and the pool overwrites it: a late reader would send poison.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Cancelled_calls_never_send_memory_that_went_back_to_the_pool(int seed)
    {
        var random = new Random(seed);
        await using var server = await RecordingServer.StartAsync();
        await using var proxy = new RecordingProxy(server.Port);
        var pool = new TensorPool(poison: true);
        var egress = new EgressLog();
        await using var client = Calls.Client(proxy.Address, pool, egress);
        var payload = new byte[PayloadBytes];
        payload.AsSpan().Fill(0x11);

        for (var round = 0; round < 40; round++)
        {
            var pauses = Enumerable.Range(0, 4).Select(_ => TimeSpan.FromMicroseconds(random.Next(0, 4000))).ToArray();
            await Task.WhenAll(pauses.Select(async pause =>
            {
                using var cancel = new CancellationTokenSource(pause);
                await Task.Yield();
                await Calls.SendAsync(client, pool, payload, cancellationToken: cancel.Token);
            }));
        }

        await Calls.UntilAsync(() => pool.Leased == 0, "every lease went back");
        Assert.True(egress.Written > 0, "some messages were on their way");
        var poison = new byte[64];
        poison.AsSpan().Fill(TensorPool.PoisonByte);
        Assert.Equal(-1, proxy.Sent.AsSpan().IndexOf(poison));
    }
}
