using OrleansHybrid.Domain.Documents;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Links.Bundles.Push;
using OrleansHybrid.Links.Bundles.Store;
using OrleansHybrid.Links.Documents;

namespace OrleansHybrid.Grains.Tests.Bundles;

/// <summary>A place's life with bundles, every kind of change on disk in it. Version 1 is there before; it can be run again from wherever it was killed.</summary>
internal sealed class BundleScript : IDisposable
{
    private readonly StoreFixture fixture;

    private BundleScript(string folder)
    {
        fixture = new StoreFixture(folder);
        Collecting = fixture.Settings with { VersionAgeMax = TimeSpan.FromSeconds(-1), FileAgeMax = TimeSpan.FromSeconds(-1) };
    }

    private BundleStoreSettings Collecting { get; }

    public static BundleScript Open(string folder) => new(folder);

    /// <summary>Version 1 of <c>keyword</c> serves.</summary>
    public async Task PrepareAsync()
    {
        await fixture.RestartAsync();
        var one = await fixture.Source.PublishAsync(1);
        await fixture.Source.PublishAsync(2);
        await fixture.Source.PublishAsync(1, "other");
        await UseAsync(one, "tiny-int8.onnx");
    }

    public async Task RunAsync()
    {
        await fixture.RestartAsync();
        var two = fixture.Source.Catalogue(2);
        await fixture.ReceiveAsync(two.Files.First(f => f.Name == "large.onnx").Blob, new byte[two.Files.First(f => f.Name == "large.onnx").Blob.Bytes]);
        await UseAsync(two, "tiny-int8.onnx");
        await UseAsync(two, "large.onnx");
        await ObstructAsync(fixture.Source.Catalogue(1, "other"));
        await UseAsync(fixture.Source.Catalogue(1, "other"), "tiny-int8.onnx", "other");
        await PushAsync(two);
        await StartAnewAsync();
        await File.WriteAllTextAsync(fixture.PartPath("sha256:" + new string('a', 64)), "broken off");
        var store = new BundleStore(Collecting);
        await store.RecoverAsync(CancellationToken.None);
        await new BundleCollector(store).CollectAsync([new ModelVersionKey("keyword", 2)], [], CancellationToken.None);
    }

    public void Dispose() => fixture.Dispose();

    /// <summary>The version that is here is pushed as another model's: begun, checked whole, and ended.</summary>
    private async Task PushAsync(CatalogueVersion version)
    {
        foreach (var file in version.Files) await fixture.ReceiveAsync(file.Blob, await File.ReadAllBytesAsync(fixture.Source.PathOf(2, file.Name)));
        var key = new ModelVersionKey("pushed", 2);
        var upload = new Upload(Upload.IdOf(key, version.Bundle), key, version.Bundle, [1], version.Files, "test", DateTimeOffset.MaxValue);
        var uploads = new UploadStore(fixture.Store);
        uploads.Recover();
        if (!await uploads.KeepAsync(upload, CancellationToken.None)) throw new InvalidOperationException("there is room for one");
        var (found, problem) = await uploads.CheckWholeAsync(upload, folder => Task.FromResult(Directory.GetFiles(folder, "*", SearchOption.AllDirectories)), CancellationToken.None);
        if (problem is not null || found!.Length != version.Files.Count) throw new InvalidOperationException(problem?.ToString() ?? "files are missing");
        if (!await uploads.RemoveAsync(upload.Id, CancellationToken.None)) throw new InvalidOperationException("the upload was kept");
    }

    /// <summary>Where the version's folder belongs stands something else: what was put together is removed.</summary>
    private async Task ObstructAsync(CatalogueVersion version)
    {
        var place = fixture.PathOf("repository", "other", "1");
        if (Directory.Exists(place)) return;
        Directory.CreateDirectory(fixture.PathOf("repository", "other"));
        await File.WriteAllTextAsync(place, "no folder");
        try
        {
            await fixture.StageAsync(version, "tiny-int8.onnx", "other");
            throw new InvalidOperationException("a file stands in the way");
        }
        catch (IOException)
        {
            // With the model's folder, which the version that follows makes anew.
            Directory.Delete(Path.GetDirectoryName(place)!, recursive: true);
        }
    }

    /// <summary>Another place's first start, which finds nothing but a note that cannot be read; documents are kept there.</summary>
    private async Task StartAnewAsync()
    {
        var folder = Path.Combine(fixture.Folder, "anew");
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "index.json"), "{");
        var store = new BundleStore(fixture.Settings with { Folder = folder });
        await store.RecoverAsync(CancellationToken.None);
        new UploadStore(store).Recover();
        if (store.Activations.State.LastGood.Count > 0) throw new InvalidOperationException("the note cannot be read");
        if (new DocumentStore(Path.Combine(folder, "documents")).Write(DocumentSet.Empty with { Farm = "farm" }) is { } problem) throw new InvalidOperationException(problem);
    }

    private async Task UseAsync(CatalogueVersion version, string variantFile, string model = "keyword")
    {
        var outcome = await fixture.StageAsync(version, variantFile, model);
        if (outcome.Problem is { } problem) throw new InvalidOperationException(problem.ToString());
        var key = new ModelVersionKey(model, version.Version);
        if (await fixture.Store.Activations.BeginAsync(key, version.Bundle, CancellationToken.None) is { } why) throw new InvalidOperationException(why);
        var (repository, _) = fixture.OpenRepository();
        if ((await repository.LoadAsync(model, version.Version, CancellationToken.None)).Failure is { } failure) throw new InvalidOperationException(failure.Message);
        await fixture.Store.Activations.SucceededAsync(key, version.Bundle, CancellationToken.None);
    }
}
