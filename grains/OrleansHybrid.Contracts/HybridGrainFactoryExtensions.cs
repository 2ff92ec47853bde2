using OrleansHybrid.Contracts.Audit;
using OrleansHybrid.Contracts.Documents;
using OrleansHybrid.Contracts.Ledger;
using OrleansHybrid.Contracts.Models;
using OrleansHybrid.Contracts.Nodes;
using OrleansHybrid.Contracts.Routing;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Nodes;

namespace OrleansHybrid.Contracts;

/// <summary>Grains by their typed keys: nobody else writes a key as text.</summary>
public static class HybridGrainFactoryExtensions
{
    public static IRouterGrain GetRouter(this IGrainFactory grains, string cell) => grains.GetGrain<IRouterGrain>(cell);

    public static IApiKeyGrain GetApiKeys(this IGrainFactory grains, string cell) => grains.GetGrain<IApiKeyGrain>(cell);

    public static IPolicyGrain GetPolicy(this IGrainFactory grains, string cell) => grains.GetGrain<IPolicyGrain>(cell);

    public static IAuditGrain GetAudit(this IGrainFactory grains, string cell) => grains.GetGrain<IAuditGrain>(cell);

    public static IAuditSegmentGrain GetAuditSegment(this IGrainFactory grains, AuditSegmentKey key) => grains.GetGrain<IAuditSegmentGrain>(key.ToString());
    public static IDocumentGrain GetDocuments(this IGrainFactory grains, string cell) => grains.GetGrain<IDocumentGrain>(cell);

    public static IModelGrain GetModel(this IGrainFactory grains, string model) => grains.GetGrain<IModelGrain>(model);

    public static IModelVersionGrain GetModelVersion(this IGrainFactory grains, ModelVersionKey key) => grains.GetGrain<IModelVersionGrain>(key.ToString());

    public static IEdgeNodeGrain GetNode(this IGrainFactory grains, NodeKey key) => grains.GetGrain<IEdgeNodeGrain>(key.ToString());

    public static IFleetShardGrain GetFleetShard(this IGrainFactory grains, int shard) => grains.GetGrain<IFleetShardGrain>(shard);

    public static IFleetShardGrain GetFleetShard(this IGrainFactory grains, NodeKey key) => grains.GetFleetShard(FleetSharding.ShardOf(key));

    public static IFleetTrustGrain GetFleetTrust(this IGrainFactory grains, string cell) => grains.GetGrain<IFleetTrustGrain>(cell);

    public static IRegionGrain GetRegion(this IGrainFactory grains, string region) => grains.GetGrain<IRegionGrain>(region);

    public static IUplinkGrain GetUplink(this IGrainFactory grains, string cell) => grains.GetGrain<IUplinkGrain>(cell);

    /// <param name="tenant">As the ledger names it: see <see cref="Domain.Ledger.LedgerNames"/>.</param>
    public static ILedgerGrain GetLedger(this IGrainFactory grains, string tenant) => grains.GetGrain<ILedgerGrain>(tenant);

    public static ILedgerDirectoryGrain GetLedgerDirectory(this IGrainFactory grains, string cell) => grains.GetGrain<ILedgerDirectoryGrain>(cell);
}
