using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.Domain.Documents;
using OrleansHybrid.Grains.Tests.Models;
using OrleansHybrid.Inference.Repository;
using OrleansHybrid.Links.Bundles.Store;

namespace OrleansHybrid.Grains.Tests.Bundles;

/// <summary>A bundle store with a publisher beside it, in a throw-away folder or one that another process has too.</summary>
internal sealed class StoreFixture : IDisposable
{
    private readonly bool keep;

    public StoreFixture(string? folder = null, TimeProvider? clock = null, long bytesMax = Limits.BundleStoreBytesMax, Func<BundleStoreSettings, BundleStoreSettings>? with = null)
    {
        keep = folder is not null;
        Folder = folder ?? Directory.CreateTempSubdirectory("hybrid-bundles-").FullName;
        Source = SignedSource.Open(Path.Combine(Folder, "publisher"));
        Settings = new BundleStoreSettings(Path.Combine(Folder, "data", "bundles"), () => Trusted ?? [Source.Publisher], clock ?? TimeProvider.System) { BytesMax = bytesMax, Notice = Notices.Add };
        if (with is not null) Settings = with(Settings);
        Store = new BundleStore(Settings);
    }

    public string Folder { get; }

    public SignedSource Source { get; }

    public BundleStoreSettings Settings { get; }

    public BundleStore Store { get; private set; }

    public List<string> Notices { get; } = [];

    /// <summary>Null: the publisher.</summary>
    public IReadOnlyList<PublisherKey>? Trusted { get; set; }

    public string PathOf(params string[] names) => Path.Combine([Settings.Folder, .. names]);

    public string BlobPath(string digest) => PathOf("blobs", digest[7..9], digest[7..]);

    public string PartPath(string digest) => PathOf("incoming", digest[7..] + ".part");

    /// <summary>As a new process finds it.</summary>
    public async Task RestartAsync()
    {
        Store = new BundleStore(Settings);
        await Store.RecoverAsync(CancellationToken.None);
        new OrleansHybrid.Links.Bundles.Push.UploadStore(Store).Recover();
    }

    public async Task<BundleProblem?> ReceiveAsync(BlobReference blob, byte[] content)
    {
        var begin = await Store.Blobs.BeginAsync(blob, CancellationToken.None);
        if (begin.Writer is not { } writer) return begin.Problem;
        await using (writer)
        {
            var rest = content.AsMemory((int)Math.Min(writer.Position, content.Length));
            for (; rest.Length > 0; rest = rest[Math.Min(7, rest.Length)..])
            {
                if (await writer.WriteAsync(rest[..Math.Min(7, rest.Length)], CancellationToken.None) is { } refused) return refused;
            }

            return await writer.CommitAsync(CancellationToken.None);
        }
    }

    /// <summary>Takes in a version's signature and files.</summary>
    public async Task ReceiveAsync(CatalogueVersion version, IEnumerable<CatalogueFile> files, string model = "keyword")
    {
        foreach (var file in files.Append(new CatalogueFile("model.sig", version.Signature)))
        {
            var problem = await ReceiveAsync(file.Blob, await File.ReadAllBytesAsync(Path.Combine(Source.VersionPath(version.Version, model), file.Name)));
            if (problem is not null) throw new InvalidOperationException($"{file.Name}: {problem}");
        }
    }

    public async Task<StageOutcome> StageAsync(CatalogueVersion version, string variantFile, string model = "keyword")
    {
        var needed = SignedSource.Needed(version, variantFile);
        await ReceiveAsync(version, needed, model);
        return await Store.StageAsync(model, version, needed, CancellationToken.None);
    }

    public string[] FilesOf(int version, string model = "keyword")
    {
        var folder = PathOf("repository", model, $"{version}");
        if (!Directory.Exists(folder)) return [];
        return [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder, f)).Order(StringComparer.Ordinal)];
    }

    /// <summary>A repository over the store, whose place holds whichever variant is there.</summary>
    public (ModelRepository Repository, RepositoryEngine Engine) OpenRepository(params string[] roots)
    {
        var engine = new RepositoryEngine();
        var settings = new RepositorySettings(roots, Zone.Edge, Path.Combine(Folder, "data"))
        {
            Managed = new ManagedRepository(Store.RepositoryRoot) { Sizes = Store.SizesOf, WhyNot = Store.WhyNot },
            Trusted = Settings.Trusted,
            Notice = Notices.Add,
            Choose = (key, variants) => variants.ToList().FindIndex(v => FilesOf(key.Version, key.Model).Contains(v.File)),
        };
        return (new ModelRepository(settings, engine, ManifestSample.Scan), engine);
    }

    public void Dispose()
    {
        Source.Dispose();
        if (!keep) Directory.Delete(Folder, recursive: true);
    }
}
