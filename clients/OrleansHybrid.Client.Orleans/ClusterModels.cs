using OrleansHybrid.Contracts;
using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Client.Orleans;

/// <summary>What became of versions in this cell, counted over all its silos.</summary>
public sealed class ClusterModels
{
    private readonly IClusterClient client;

    internal ClusterModels(IClusterClient client) => this.client = client;

    /// <summary>Counters and latencies of a version, with the time of the last batch behind them. One that nobody asked yet has zeros.</summary>
    /// <exception cref="HybridClusterException">The cell did not answer.</exception>
    public Task<VersionReport> GetVersionAsync(string model, int version, CancellationToken cancellationToken = default)
    {
        var key = new ModelVersionKey(model, version);
        return ClusterCalls.OrThrowAsync(client.GetModelVersion(key).GetAsync(cancellationToken), $"The report of {key}");
    }
}
