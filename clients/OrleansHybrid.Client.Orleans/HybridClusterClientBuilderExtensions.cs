using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using OrleansHybrid.Contracts;

namespace OrleansHybrid.Client.Orleans;

public static class HybridClusterClientBuilderExtensions
{
    /// <summary>Adds <see cref="HybridClusterClient"/> for one cell; the application chooses how the cell's silos are found (Redis, or fixed gateways).</summary>
    /// <param name="cell">The cell's name: its cluster and service id. With another name the client would try for ever.</param>
    public static IClientBuilder AddHybridClusterClient(this IClientBuilder client, string cell)
    {
        client.Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (cell, cell));
        client.Services.AddHybridContracts();
        client.Services.AddSingleton(p => new HybridClusterClient(p.GetRequiredService<IClusterClient>(), cell));
        return client;
    }
}
