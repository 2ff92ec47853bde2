using Microsoft.Extensions.Logging;
using OrleansHybrid.Client;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Documents;
using OrleansHybrid.Domain.Nodes;
using OrleansHybrid.Inference.Repository;
using OrleansHybrid.Links.Bundles.Store;
using OrleansHybrid.Links.Bundles.Transfer;
using OrleansHybrid.Links.Fleet;

namespace OrleansHybrid.Cli.Node;

/// <summary>The published versions on this box: what the documents ask for, fetched, verified and served by <see cref="VersionInstaller"/>.</summary>
/// <remarks>A start needs no cell: the last good version of each model is in the store.</remarks>
internal sealed partial class NodeBundles
{
    private readonly NodeDocuments documents;
    private readonly TimeProvider clock;
    private readonly ILogger<NodeBundles> log;
    private readonly BundleStore store;
    private readonly ActivationGate gate;
    private VersionInstaller? installer;
    private HashSet<string> serving = [];
    private (DocumentSet Documents, DesiredState Desired) last = (DocumentSet.Empty, DesiredState.Nothing);

    public NodeBundles(NodeData data, NodeDocuments documents, TimeProvider clock, ILogger<NodeBundles> log)
    {
        (this.documents, this.clock, this.log) = (documents, clock, log);
        store = new BundleStore(new BundleStoreSettings(data.Bundles, () => documents.Publishers, clock) { Notice = Note });
        gate = new ActivationGate(store, Zone.Device);
    }

    /// <summary>As the client's repository reads them.</summary>
    public ManagedModels Models => new(new ManagedRepository(store.RepositoryRoot) { Sizes = store.SizesOf, WhyNot = gate.WhyNot }, () => documents.Publishers);

    public IReadOnlyList<NodeVersion> Versions => installer?.Versions ?? [];

    /// <summary>Puts right what a killed process left; before the models are loaded.</summary>
    public Task RecoverAsync(CancellationToken cancellationToken) => store.RecoverAsync(cancellationToken);

    /// <param name="node">What the box is, as far as its versions depend on it.</param>
    /// <param name="limits">Of the link to the cell.</param>
    public async Task RunAsync(HybridClient client, FleetClient fleet, DesiredStateNode node, TransferLimits limits, CancellationToken cancellationToken)
    {
        var fetcher = new BundleFetcher(store, new FleetBundleSource(fleet), limits);
        installer ??= Make(new InstallerParts(store, fetcher, client.Models, gate, () => Desired(node), clock) { Notice = Note, Seed = StringComparer.Ordinal.GetHashCode(node.Key.Node) });
        documents.Source.Changed += installer.Wake;
        try
        {
            await installer.RunAsync(cancellationToken);
        }
        finally
        {
            documents.Source.Changed -= installer.Wake;
        }
    }

    private VersionInstaller Make(InstallerParts parts)
    {
        var made = new VersionInstaller(parts);
        made.Changed += () => Tell(made.Versions);
        return made;
    }

    /// <summary>Which versions began to serve, and which ended: the installer itself tells what went wrong.</summary>
    private void Tell(IReadOnlyList<NodeVersion> versions)
    {
        var now = versions.Where(v => v.Stage == NodeVersionStage.Serving).Select(v => $"{v.Model}@{v.Version}, variant {v.Variant}").ToHashSet(StringComparer.Ordinal);
        foreach (var begun in now.Except(serving)) Note($"{begun}, serves now.");
        foreach (var ended in serving.Except(now)) Note($"{ended}, serves no more.");
        serving = now;
    }

    /// <summary>Worked out once for each set of documents.</summary>
    private DesiredState Desired(DesiredStateNode node)
    {
        var current = documents.Current;
        if (!ReferenceEquals(last.Documents, current)) last = (current, DesiredStateRules.Of(node, current.Catalogue(), current.Revision));
        return last.Desired;
    }

    private void Note(string sentence) => LogNotice(log, sentence);

    [LoggerMessage(LogLevel.Information, "{Notice}")]
    private static partial void LogNotice(ILogger log, string notice);
}
