using Microsoft.Extensions.Logging;
using OrleansHybrid.Client;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Documents;
using OrleansHybrid.Domain.Nodes;
using OrleansHybrid.Links.Bundles.Transfer;
using OrleansHybrid.Links.Fleet;
using OrleansHybrid.Links.Machine;
using OrleansHybrid.Links.Tls;

namespace OrleansHybrid.Cli.Node;

/// <summary>The node: the device SDK with an identity, documents, published versions and check-ins. What answers needs none of the rest, so the cell may be gone.</summary>
/// <remarks>Order of a start: the folder's lock, this run in the identity, documents and bundles from disk, models; then the loops that call the cell. Each loop goes on after trouble of its own.</remarks>
internal sealed partial class NodeAgent : IAsyncDisposable
{
    private readonly TimeProvider clock;
    private readonly ILogger<NodeAgent> log;
    private readonly FleetClient fleet;
    private readonly NodeBundles bundles;
    private readonly CheckInLoop checkIns;
    private readonly NodeVersions versions;
    private SignedDocument? policy;

    private NodeAgent(NodeSettings settings, StoredNode node, NodeLink link, HybridClient client, NodeDocuments documents, NodeBundles bundles, FleetClient fleet, TimeProvider clock, ILoggerFactory logs)
    {
        (Settings, Node, Link, Client, Documents, this.bundles, this.fleet, this.clock) = (settings, node, link, client, documents, bundles, fleet, clock);
        log = logs.CreateLogger<NodeAgent>();
        Key = OperatorKey.LoadOrMake(client.Folder);
        Answers = new CountedAnswers(client);
        Meters = new NodeMeters(new MachineMeters(settings.Sysfs), () => Answers.Count, clock);
        Cell = new NodeCellState(node.Cell, clock, logs.CreateLogger<NodeCellState>());
        versions = new NodeVersions(client.Models, () => bundles.Versions, clock);
        checkIns = new CheckInLoop(fleet, settings.Data.Identity, node, Describe, clock, StringComparer.Ordinal.GetHashCode(node.Boot));
        checkIns.DocumentsSeen += revision =>
        {
            Cell.Answered();
            documents.Wake(revision);
        };
        checkIns.Failed += Cell.Failed;
    }

    public NodeSettings Settings { get; }

    public StoredNode Node { get; }

    public NodeLink Link { get; }

    public HybridClient Client { get; }

    public CountedAnswers Answers { get; }

    public NodeDocuments Documents { get; }

    public NodeMeters Meters { get; }

    public NodeCellState Cell { get; }

    public OperatorKey Key { get; }

    public DateTimeOffset Now => clock.GetUtcNow();

    public IReadOnlyList<NodeVersion> Versions => versions.Read();

    /// <summary>Takes the folder and begins this run of the node.</summary>
    /// <exception cref="IOException">Another agent holds the folder, or others can enter it.</exception>
    /// <exception cref="InvalidDataException">The identity cannot be used.</exception>
    public static NodeAgent Open(NodeSettings settings, TimeProvider clock, ILoggerFactory logs)
    {
        var file = settings.Data.Identity;
        var stored = file.Read()!;
        var link = LinkOf(settings);
        var notes = logs.CreateLogger<LinkTls>();
        var tls = link.Files.Open(clock, sentence => LogCertificate(notes, sentence), out var problem) ?? throw new InvalidDataException($"--ca, --certificate, --key-file: {problem}.");
        var fleet = new FleetClient(link.For(stored.Name, stored.Credential, tls), clock);
        var documents = new NodeDocuments(settings.Data, stored.Farm, fleet, clock, logs.CreateLogger<NodeDocuments>());
        var bundles = new NodeBundles(settings.Data, documents, clock, logs.CreateLogger<NodeBundles>());
        NodeAgent? agent = null;
        int? Battery() => agent?.Meters.Reading.Battery is { } battery ? (int)Math.Round(battery.Percent) : null;
        var client = HybridClient.Create(NodeClient.Options(settings, stored, link, tls, documents, bundles, Battery, clock, logs));
        // The folder is this process' own by now: nobody else writes the identity.
        return agent = new NodeAgent(settings, file.Begin(file.Read()!), link, client, documents, bundles, fleet, clock, logs);
    }

    /// <summary>What the disk has, ready to answer.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        Documents.Load();
        await ApplyPolicyAsync(cancellationToken);
        await bundles.RecoverAsync(cancellationToken);
        await Client.LoadAsync(cancellationToken);
    }

    /// <summary>All that calls the cell and reads meters, until it is cancelled.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => Task.WhenAll(
        KeepAsync("checking in", checkIns.RunAsync, cancellationToken),
        KeepAsync("following documents", Documents.RunAsync, cancellationToken),
        KeepAsync("applying documents", ApplyAsync, cancellationToken),
        KeepAsync("installing versions", stop => bundles.RunAsync(Client, fleet, Self, new TransferLimits(Settings.LinkBytesPerSecond, Settings.FetchWindow, clock), stop), cancellationToken),
        KeepAsync("reading meters", Meters.RunAsync, cancellationToken));

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        fleet.Dispose();
        Documents.Dispose();
    }

    /// <summary>What is wrong with the node as a whole, one sentence each.</summary>
    public IReadOnlyList<string> Problems
    {
        get
        {
            var expired = DocumentAlarms.Of(Documents.Current, clock.GetUtcNow()).Where(a => a.Freshness == DocumentFreshness.Expired).Select(a => $"The document {a.Header.Key} expired {-a.Left.TotalHours:0} hours ago and goes on holding.");
            string?[] all = [Documents.Problem, Client.Policy.Problem, .. expired];
            return [.. all.OfType<string>().Select(Cut).Take(Limits.NodeProblemsMax)];
        }
    }

    private DesiredStateNode Self
    {
        get
        {
            var attributes = NodeMachine.Describe(Settings, Meters.Reading);
            return new DesiredStateNode(new NodeKey(Node.Cell, Node.Name), Zone.Device, attributes.ModelMemoryBytes, attributes);
        }
    }

    private NodeReport Describe() => new(new NodeKey(Node.Cell, Node.Name), NodeKind.Device, Zone.Device, 0, 0, "", Variants(), NodeMachine.MemoryBytes, Environment.ProcessorCount)
    {
        Attributes = NodeMachine.Describe(Settings, Meters.Reading),
        Versions = Versions,
        DocumentsRevision = Documents.Current.Revision,
        Problems = Problems,
        RefusedDocuments = Documents.Refused,
        Energy = Meters.Energy,
    };

    private NodeVariant[] Variants()
    {
        var loads = Client.Loads;
        return
        [
            .. Client.Engine.State.Variants.Values
                .Where(v => !v.Loaded.Key.IsClassifier && v.IsResident)
                .OrderBy(v => v.Loaded.Key.ToString(), StringComparer.Ordinal)
                .Take(Limits.NodeVariantsMax)
                .Select(v => (State: v, Load: loads.GetValueOrDefault(v.Loaded.Key)))
                .Select(v => new NodeVariant(v.State.Loaded.Key, v.State.Loaded.Digest, v.Load.QueueMsP95, v.Load.RunMsP95, v.State.Statistics.Waiting)),
        ];
    }

    /// <summary>Whenever documents changed.</summary>
    private async Task ApplyAsync(CancellationToken cancellationToken)
    {
        using var changed = new SemaphoreSlim(1, 1);
        void Wake()
        {
            if (changed.CurrentCount == 0) changed.Release();
        }

        Documents.Source.Changed += Wake;
        try
        {
            while (true)
            {
                await changed.WaitAsync(cancellationToken);
                await ApplyPolicyAsync(cancellationToken);
            }
        }
        finally
        {
            Documents.Source.Changed -= Wake;
        }
    }

    /// <summary>The farm's policy, when another one came with the documents.</summary>
    private async Task ApplyPolicyAsync(CancellationToken cancellationToken)
    {
        var document = Documents.Current.Find(DocumentKey.FarmPolicy);
        if (document is null || ReferenceEquals(document, policy)) return;
        if (document.Content()?.Policy is { } body) await Client.OfferPolicyAsync(body, cancellationToken);
        policy = document;
    }

    /// <summary>A loop that broke begins again: nothing here may end the node's serving.</summary>
    private async Task KeepAsync(string what, Func<CancellationToken, Task> loop, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await loop(cancellationToken);
            }
            catch (Exception broke) when (!cancellationToken.IsCancellationRequested)
            {
                LogBroke(log, broke, what);
                await Task.Delay(Limits.CheckInBackOffMin, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>The address of this run goes before the one that was kept; zone and links stay as they were allowed when the box joined.</summary>
    private static NodeLink LinkOf(NodeSettings settings)
    {
        var kept = NodeLink.Read(settings.Data.LinkFile);
        var before = kept?.Files ?? LinkTlsFiles.None;
        var files = new LinkTlsFiles(settings.Files.Ca ?? before.Ca, settings.Files.Certificate ?? before.Certificate, settings.Files.Key ?? before.Key);
        if (settings.Cell is { } cell) return (kept ?? new NodeLink(cell, Zone.Cloud, false)) with { Address = cell, Files = files };
        return kept is not null ? kept with { Files = files } : throw new InvalidDataException($"{settings.Data.LinkFile} does not say where the cell is. Give its address with --cell.");
    }

    private static string Cut(string text) => text.Length <= Limits.NodeTextCharsMax ? text : text[..(Limits.NodeTextCharsMax - 1)] + "…";

    [LoggerMessage(LogLevel.Error, "An error stopped {What}; it begins again.")]
    private static partial void LogBroke(ILogger log, Exception failed, string what);

    [LoggerMessage(LogLevel.Warning, "{Sentence}")]
    private static partial void LogCertificate(ILogger log, string sentence);
}
