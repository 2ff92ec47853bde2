using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Audit;
using OrleansHybrid.Domain.Documents;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Nodes;
using OrleansHybrid.Grains.Tests.Models;
using OrleansHybrid.Inference.Repository;
using OrleansHybrid.Links.Bundles.Store;
using OrleansHybrid.Links.Bundles.Transfer;
using Microsoft.Extensions.Time.Testing;

namespace OrleansHybrid.Grains.Tests.Bundles;

/// <summary>An installer over a real store and repository, with a publisher's files above and an engine that holds bytes.</summary>
internal sealed class InstallerFixture : IDisposable
{
    public InstallerFixture(string? folder = null, Func<BundleStoreSettings, BundleStoreSettings>? with = null)
    {
        Store = new StoreFixture(folder, Clock, with: with);
        Source = new FakeBundleSource(Store.Source);
        Open();
    }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 1, 5, 12, 0, 0, TimeSpan.Zero));

    public StoreFixture Store { get; }

    public FakeBundleSource Source { get; }

    public AuditNotes Audit { get; } = new();

    public RepositoryEngine Engine { get; private set; } = null!;

    public ModelRepository Repository { get; private set; } = null!;

    public VersionInstaller Installer { get; private set; } = null!;

    public CatalogueEntry? Entry { get; set; }

    public Func<ModelVersionKey, string?> Probe { get; set; } = static _ => null;

    /// <summary>Publishes a version and makes it part of the catalogue.</summary>
    public async Task PublishAsync(int version, string suffix = "")
    {
        var published = await Store.Source.PublishAsync(version, suffix: suffix);
        Entry = CatalogueRules.AddVersion(Entry, "keyword", published).Entry;
    }

    public void Block(int version) => Entry = CatalogueRules.Block(Entry, "keyword", version, "It drifts.").Entry;

    public Task<bool> PassAsync() => Installer.ReconcileAsync(default);

    public int[] Served => [.. (Repository.State.Models.GetValueOrDefault("keyword")?.Versions ?? []).Where(v => v.State == VersionState.Ready).Select(v => v.Version)];

    public NodeVersion Said(int version) => Installer.Versions.Single(v => v.Version == version);

    /// <summary>As a new process finds it; the repository loads what it may before the installer runs.</summary>
    public async Task RestartAsync()
    {
        await Store.RestartAsync();
        Open();
        await Repository.LoadAllAsync(default);
    }

    public void Dispose() => Store.Dispose();

    private void Open()
    {
        Engine = new RepositoryEngine();
        var gate = new ActivationGate(Store.Store, Zone.Edge);
        var settings = new RepositorySettings([], Zone.Edge, Path.Combine(Store.Folder, "data"))
        {
            Managed = new ManagedRepository(Store.Store.RepositoryRoot) { Sizes = Store.Store.SizesOf, WhyNot = gate.WhyNot },
            Trusted = Store.Settings.Trusted,
            Choose = gate.Choose,
        };
        Repository = new ModelRepository(settings, Engine, ManifestSample.Scan);
        Installer = new VersionInstaller(new InstallerParts(Store.Store, new BundleFetcher(Store.Store, Source, TransferLimits.None(Clock)), Repository, gate, Desired, Clock)
        {
            Audit = Audit,
            Notice = Store.Notices.Add,
            Probe = (version, _) => ValueTask.FromResult(Probe(version)),
        });
    }

    private DesiredState Desired() => Entry is null
        ? DesiredState.Nothing
        : DesiredStateRules.Of(new DesiredStateNode(new NodeKey("eu-west", "one"), Zone.Edge, 0, NodeAttributes.Unknown), [Entry], 1);

    internal sealed class AuditNotes : IAuditLog
    {
        public List<AuditChange> Changes { get; } = [];

        public IEnumerable<string> Verbs => Changes.Select(c => $"{c.What} {c.Subject}");

        public ValueTask AppendAsync(AuditChange change, CancellationToken cancellationToken)
        {
            Changes.Add(change);
            return ValueTask.CompletedTask;
        }
    }
}
