using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.Domain.Documents;
using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Links.Bundles.Store;

/// <summary>The bundles of one silo or node on disk. A version becomes loadable all at once or not at all, whenever the process is killed.</summary>
/// <remarks>
/// Order of a version's way: its signature arrives (<see cref="Blobs"/>) and is verified (<see cref="VerifyAsync"/>); the files that are needed here arrive;
/// <see cref="StageAsync"/> puts them together and renames the whole into <c>repository/&lt;model&gt;/&lt;version&gt;</c>; the load is marked (<see cref="Activations"/>).
/// Rules kept here: nothing that was not signed by a trusted key comes into the repository; every file is hashed on its way there; a version number never gets
/// other content. <see cref="RecoverAsync"/> comes first in a process. Whoever reads the repository hashes again what it loads.
/// </remarks>
/// <example><code>
/// var store = new BundleStore(new BundleStoreSettings(Path.Combine(data, "bundles"), publishers.Read, clock));
/// await store.RecoverAsync(stopping);
/// var outcome = await store.StageAsync("keyword", version, needed, stopping);
/// </code></example>
public sealed class BundleStore
{
    private readonly BundleStoreSettings settings;
    private readonly StatementStore statements;

    public BundleStore(BundleStoreSettings settings)
    {
        this.settings = settings;
        Folders = new StoreFolders(settings.Folder);
        Folders.Create();
        Blobs = new BlobStore(Folders, settings);
        Activations = new Activations(Folders, settings);
        statements = new StatementStore(Folders);
        Staging = new StagingArea(Folders);
    }

    public BlobStore Blobs { get; }

    public Activations Activations { get; }

    /// <summary>In Triton's layout; only <see cref="StageAsync"/> and the collector change it.</summary>
    public string RepositoryRoot => Folders.Repository;

    internal StoreFolders Folders { get; }

    internal StagingArea Staging { get; }

    internal StatementStore Statements => statements;

    internal BundleStoreSettings Settings => settings;

    /// <summary>One change of the repository at a time.</summary>
    internal SemaphoreSlim Turn { get; } = new(1, 1);

    /// <summary>At a start: finishes or removes what a killed process left, and reads what is kept.</summary>
    public async Task RecoverAsync(CancellationToken cancellationToken)
    {
        using var turn = await EnterAsync(cancellationToken);
        Staging.Recover();
        await statements.LoadAsync(cancellationToken);
        await Activations.LoadAsync(cancellationToken);
    }

    /// <summary>Sizes in bytes of a verified bundle's files, those that are not here included; empty when they are not known.</summary>
    public IReadOnlyDictionary<string, long> SizesOf(string bundle) =>
        statements.Find(bundle)?.Files.ToDictionary(f => f.Name, f => f.Blob.Bytes, StringComparer.Ordinal) ?? [];

    /// <summary>Why a version in the repository must not be loaded; null: it may.</summary>
    public string? WhyNot(ModelVersionKey version) => statements.Find(version) is { } receipt ? ActivationRules.WhyNot(Activations.State, version, receipt.Bundle) : null;

    /// <summary>The content of a version in the repository; null when there is none.</summary>
    public string? BundleOf(ModelVersionKey version) => Directory.Exists(Folders.Version(version)) ? statements.Find(version)?.Bundle : null;

    /// <summary>Verifies a version's signature, which must have arrived, and that the catalogue lists what was signed; keeps the statement.</summary>
    public async Task<BundleVerdict> VerifyAsync(string model, CatalogueVersion version, CancellationToken cancellationToken)
    {
        using var turn = await EnterAsync(cancellationToken);
        try
        {
            return await VerifyInTurnAsync(model, version, cancellationToken);
        }
        catch (IOException failed) when (Disk.IsFull(failed))
        {
            return new BundleVerdict(null, DiskRoom.Full(Folders.Root, version.Signature.Bytes));
        }
    }

    /// <summary>Makes a version loadable with the files that are needed here, which must have arrived; whatever of it was loadable before is replaced.</summary>
    /// <param name="needed">Of the version's files: the shared ones and the variant's.</param>
    public async Task<StageOutcome> StageAsync(string model, CatalogueVersion version, IReadOnlyList<CatalogueFile> needed, CancellationToken cancellationToken)
    {
        using var turn = await EnterAsync(cancellationToken);
        try
        {
            var verdict = await VerifyInTurnAsync(model, version, cancellationToken);
            if (verdict.Problem is { } refused) return StageOutcome.Refused(refused);
            var key = new ModelVersionKey(model, version.Version);
            var staging = new VersionStaging(this, key, version, [.. needed, new CatalogueFile(BundleNames.SignatureFile, version.Signature)]);
            return await staging.RunAsync(cancellationToken);
        }
        catch (IOException failed) when (Disk.IsFull(failed))
        {
            return StageOutcome.Refused(DiskRoom.Full(Folders.Root, 0));
        }
    }

    internal async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        await Turn.WaitAsync(cancellationToken);
        return new Hold(Turn);
    }

    private async Task<BundleVerdict> VerifyInTurnAsync(string model, CatalogueVersion version, CancellationToken cancellationToken)
    {
        if (BundleNames.Check([model]) is not null || model.Contains('/') || version.Version < 1)
        {
            return BundleVerdict.Refused(BundleRefusal.UnsafeName, "expected a model's name that can be a folder's, and a version from 1; came something else. Rename the model.");
        }

        if (version.Signature.Bytes > Limits.SignatureBytesMax) return BundleVerdict.Refused(BundleRefusal.TooLarge, $"expected a signature of at most {Limits.SignatureBytesMax} bytes; came one of {version.Signature.Bytes}. Sign fewer files.");
        if (await Blobs.CheckAsync(version.Signature, BundleNames.SignatureFile, cancellationToken) is { } missing) return new BundleVerdict(null, missing);
        var signature = await File.ReadAllBytesAsync(Folders.Blob(version.Signature.Digest), cancellationToken);
        var verdict = BundleSignature.Verify(signature, settings.Trusted());
        if (verdict.Statement is not { } statement) return verdict;
        if (StatementStore.CheckCatalogue(statement, version) is { } other) return new BundleVerdict(null, other);
        if (statements.Find(new ModelVersionKey(model, version.Version)) is { } known && known.Bundle != version.Bundle)
        {
            if (Directory.Exists(Folders.Version(known.Key))) return BundleVerdict.Refused(BundleRefusal.Conflict, $"{known.Key} is here with other content. A version never changes: publish it under a new number.");
            statements.Remove(known.Bundle); // It was announced and never came.
        }

        await statements.KeepAsync(BundleReceipt.Of(model, version), signature, cancellationToken);
        return verdict;
    }

    private sealed class Hold(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}

/// <summary>How a staging ended.</summary>
/// <param name="Changed">The folder in the repository is a new one: load it.</param>
/// <param name="Problem">Null on success.</param>
public sealed record StageOutcome(bool Changed, BundleProblem? Problem)
{
    internal static StageOutcome Refused(BundleProblem problem) => new(false, problem);
}
