using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Nodes;
using OrleansHybrid.Links.Bundles.Store;
using OrleansHybrid.Links.Bundles.Transfer;
using OrleansHybrid.Links.Fleet;

namespace OrleansHybrid.FleetSimulator.Run;

/// <summary>One life of a node's process: it checks in, follows documents and installs versions, until it is stopped or dies.</summary>
internal sealed class NodeRun : IDisposable
{
    private readonly SimulatedNode node;
    private readonly NodeDocuments documents;
    private readonly SimulatedInstaller installer;
    private readonly CheckInLoop checkIns;
    private readonly BundleStore? store;
    private readonly NodeDescription description;
    private readonly NodeKey key;
    private long told;

    private NodeRun(SimulatedNode node, StoredNode run, FleetClient client, BundleStore? store)
    {
        var (parts, disk, clock) = (node.Parts, node.Disk, node.Clock);
        (this.node, this.store, key) = (node, store, new NodeKey(run.Cell, run.Name));
        description = new NodeDescription(node.Plan, parts.Scenario, parts.Time);
        documents = new NodeDocuments(client, disk, node.Trust, clock);
        IFileArrival files = store is null ? new PacedArrival(node.Plan, disk, parts.Time) : new FetchedArrival(node.Plan, disk, store, new FleetBundleSource(client), node.Tally, clock);
        installer = new SimulatedInstaller(node.Plan, disk, files, () => documents.DesiredOf(new DesiredStateNode(key, Zone.Device, node.Plan.Kind.ModelMemoryBytes, NodeAttributes.Unknown)), parts.Transfers, clock);
        documents.Changed += installer.Wake;
        checkIns = new CheckInLoop(client, disk, run, Describe, clock, node.Plan.Seed);
        checkIns.DocumentsSeen += Answered;
        checkIns.Failed += node.Tally.Failed;
    }

    public IReadOnlyList<NodeVersion> Versions => installer.Versions;

    /// <summary>The identity is written before anything calls, as a real node does.</summary>
    public static NodeRun Begin(SimulatedNode node)
    {
        var run = node.Disk.Identity.NextRun(NodeIdentityFile.NewBoot());
        node.Disk.Write(run);
        var client = new FleetClient(node.Calls, node.Parts.Target, run.Credential, node.Clock);
        var store = node.BundleFolder is { } folder ? new BundleStore(new BundleStoreSettings(folder, () => node.Trust.Publishers, node.Clock)) : null;
        return new NodeRun(node, run, client, store);
    }

    /// <summary>One check-in; for whoever paces the fleet himself.</summary>
    public async Task CheckInAsync(CancellationToken cancellationToken) => await checkIns.CheckInAsync(cancellationToken);

    /// <exception cref="NodeDiedException">As was planned.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (store is not null) await store.RecoverAsync(cancellationToken);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] loops = [checkIns.RunAsync(ended.Token), documents.RunAsync(ended.Token), installer.RunAsync(ended.Token)];
        var first = await Task.WhenAny(loops);
        await ended.CancelAsync();
        foreach (var loop in loops.Where(l => l != first)) await loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first;
    }

    public void Dispose() => documents.Dispose();

    private NodeReport Describe()
    {
        node.Answers.Catch(node.ServedGraph);
        told = node.Disk.Documents.Revision;
        return description.Report(key, description.Attributes, node.Disk, installer.Versions, documents.Problems, node.Parts.Recording, node.Answers);
    }

    private void Answered(long revision)
    {
        node.Tally.Answered();
        node.ToldRevision = told;
        documents.Wake(revision);
    }
}
