using Microsoft.Extensions.Logging;
using OrleansHybrid.Client;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Gateway.Json;
using OrleansHybrid.Links.Fleet;
using OrleansHybrid.Links.Tls;

namespace OrleansHybrid.Cli.Node;

/// <summary>The device SDK's options for a node.</summary>
internal static class NodeClient
{
    /// <param name="battery">Charge in percent; null: mains, or unknown.</param>
    public static HybridClientOptions Options(NodeSettings settings, StoredNode node, NodeLink link, LinkTls tls, NodeDocuments documents, NodeBundles bundles, Func<int?> battery, TimeProvider clock, ILoggerFactory logs)
    {
        var log = logs.CreateLogger<HybridClient>();
        return new HybridClientOptions
        {
            Models = settings.Models,
            Managed = bundles.Models,
            Probes = new ProbeReader(TensorPool.Shared),
            Data = settings.Data.Folder,
            Upstream = link.Address,
            UpstreamZone = link.Zone,
            InsecureLinks = link.InsecureLinks,
            UpstreamTls = tls,
            Credential = node.Credential,
            Node = node.Name,
            // A signed policy comes with the documents. Where nobody's signature counts, the cell is asked as by any device.
            FollowPolicy = documents.Publishers.Count == 0,
            MemoryBytes = settings.MemoryBytes,
            BatteryPercent = battery,
            MeteredLink = () => settings.Metered,
            Clock = clock,
            Notice = sentence => NodeClientLog.Notice(log, sentence),
        };
    }
}

internal static partial class NodeClientLog
{
    [LoggerMessage(LogLevel.Information, "{Notice}")]
    public static partial void Notice(ILogger log, string notice);
}
