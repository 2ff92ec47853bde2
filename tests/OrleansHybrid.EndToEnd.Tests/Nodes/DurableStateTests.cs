using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using OrleansHybrid.Contracts;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Nodes;
using OrleansHybrid.EndToEnd.Tests.Harness;
using OrleansHybrid.Silo.Store;
using StackExchange.Redis;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Nodes;

/// <summary>What a cell acknowledged is on disk: kill -9 loses none of it.</summary>
public sealed class DurableStateTests
{
    private const int Writes = 300;

    [Fact]
    public async Task Acknowledged_writes_survive_kill_9()
    {
        using var folder = new TempFolder();
        var cell = TestCell.Create("central");
        await using (var silo = SiloProcess.Start(cell.Arguments(folder.Path), folder.Path))
        {
            await silo.WaitUntilReadyAsync();
            await using (var client = await ClusterClient.ConnectAsync(cell, folder.Path))
            {
                await Parallel.ForEachAsync(Enumerable.Range(0, Writes), async (i, cancellationToken) =>
                    Assert.True((await client.Grains.GetNode(Key(cell, i)).ReportAsync(Report(cell, i), cancellationToken)).Accepted));
            }

            await silo.KillAsync();
        }

        await using var again = SiloProcess.Start(cell.Arguments(folder.Path), folder.Path);
        await again.WaitUntilReadyAsync();
        await using var reader = await ClusterClient.ConnectAsync(cell, folder.Path);
        var found = await Task.WhenAll(Enumerable.Range(0, Writes).Select(i => reader.Grains.GetNode(Key(cell, i)).GetAsync(CancellationToken.None)));

        Assert.Equal(Enumerable.Range(0, Writes).Select(i => i + 1L), found.Select(s => s.Report?.MemoryBytes ?? 0));
    }

    private static NodeKey Key(TestCell cell, int i) => new(cell.Name, $"device-{i}");

    private static NodeReport Report(TestCell cell, int i) => new(Key(cell, i), NodeKind.Device, Zone.Device, 1, 1, "", [], i + 1, 1);

    /// <summary>A service beside the cell: an Orleans client over the store's unix socket.</summary>
    private sealed class ClusterClient(IHost host) : IAsyncDisposable
    {
        public IGrainFactory Grains => host.Services.GetRequiredService<IGrainFactory>();

        public static async Task<ClusterClient> ConnectAsync(TestCell cell, string folder)
        {
            var socket = RuntimeFolder.SocketFor(cell.DataFolder(folder));
            var host = new HostBuilder().UseOrleansClient(client =>
            {
                client.Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (cell.Name, cell.Name));
                client.UseRedisClustering(o => o.ConfigurationOptions = new ConfigurationOptions { EndPoints = { new System.Net.Sockets.UnixDomainSocketEndPoint(socket) } });
                client.Services.AddHybridContracts();
            }).Build();
            await host.StartAsync();
            return new ClusterClient(host);
        }

        public async ValueTask DisposeAsync()
        {
            await host.StopAsync();
            host.Dispose();
        }
    }
}
