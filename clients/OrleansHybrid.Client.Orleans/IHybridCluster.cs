namespace OrleansHybrid.Client.Orleans;

/// <summary>A cell's grains, typed, for a service beside it. Made by <see cref="OrleansHybridClientExtensions.AddOrleansHybridClient"/>.</summary>
/// <example><code>
/// builder.Services.AddOrleansHybridClient(o => { o.Cell = "eu-west"; o.Gateways = ["127.0.0.1:30111"]; });
/// …
/// var result = await cluster.Router.InferAsync(ClusterRequests.Of("keyword", ClusterTensors.Of&lt;short&gt;("audio", samples, 1, 16000)), cancellationToken);
/// </code></example>
public interface IHybridCluster
{
    /// <summary>The cell's name.</summary>
    string Cell { get; }

    /// <summary>Runs and explains requests.</summary>
    ClusterRouter Router { get; }

    /// <summary>What became of versions in this cell.</summary>
    ClusterModels Models { get; }

    /// <summary>The cell's nodes.</summary>
    ClusterNodes Nodes { get; }

    /// <summary>What the cell costs.</summary>
    ClusterLedger Ledger { get; }

    /// <summary>The client underneath, for grains of the service's own.</summary>
    IClusterClient Client { get; }
}

internal sealed class HybridCluster(IClusterClient client, string cell) : IHybridCluster
{
    public string Cell => cell;

    public ClusterRouter Router { get; } = new(client, cell);

    public ClusterModels Models { get; } = new(client);

    public ClusterNodes Nodes { get; } = new(client, cell);

    public ClusterLedger Ledger { get; } = new(client, cell);

    public IClusterClient Client => client;
}
