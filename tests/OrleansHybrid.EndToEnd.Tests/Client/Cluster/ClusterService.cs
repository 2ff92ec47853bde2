using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansHybrid.Client.Orleans;
using OrleansHybrid.EndToEnd.Tests.Harness;

namespace OrleansHybrid.EndToEnd.Tests.Client.Cluster;

/// <summary>A service beside a cell: a host of its own with the cluster client.</summary>
internal sealed class ClusterService : IAsyncDisposable
{
    private readonly IHost host;

    private ClusterService(IHost host) => this.host = host;

    public IHybridCluster Cluster => host.Services.GetRequiredService<IHybridCluster>();

    public static async Task<ClusterService> StartAsync(Action<OrleansHybridClientOptions> configure)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddOrleansHybridClient(configure);
        var service = new ClusterService(builder.Build());
        try
        {
            using var bound = new CancellationTokenSource(Wait.Long);
            await service.host.StartAsync(bound.Token);
            return service;
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            await host.StopAsync(bound.Token);
        }
        catch (OperationCanceledException)
        {
            // A client that never connected has nothing to say goodbye to.
        }

        host.Dispose();
    }
}
