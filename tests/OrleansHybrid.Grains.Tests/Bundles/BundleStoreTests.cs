using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.Domain.Documents;
using OrleansHybrid.Domain.Models;
using Xunit;

namespace OrleansHybrid.Grains.Tests.Bundles;

public sealed class BundleStoreTests : IDisposable
{
    private static readonly string[] Tiny = ["labels.txt", "model.sig", "model.yaml", "probes/yes.txt", "tiny-int8.onnx"];

    private readonly StoreFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    [Fact]
    public async Task Version_is_staged_with_the_needed_files_alone_and_again_unchanged()
    {
        var version = await fixture.Source.PublishAsync(1);
        Assert.Equal(new(true, null), await fixture.StageAsync(version, "tiny-int8.onnx"));
        Assert.Equal(Tiny, fixture.FilesOf(1));
        Assert.Equal(new(false, null), await fixture.StageAsync(version, "tiny-int8.onnx"));
        Assert.Equal(version.Bundle, fixture.Store.BundleOf(new ModelVersionKey("keyword", 1)));
        Assert.Equal(version.Files.First(f => f.Name == "large.onnx").Blob.Bytes, fixture.Store.SizesOf(version.Bundle)["large.onnx"]);
        await fixture.RestartAsync();
        Assert.Equal(6, fixture.Store.SizesOf(version.Bundle).Count + 1);
    }

    [Fact]
    public async Task Other_variant_of_a_version_takes_its_place_and_leaves_nothing_behind()
    {
        var version = await fixture.Source.PublishAsync(1);
        await fixture.StageAsync(version, "tiny-int8.onnx");
        Assert.Equal(new(true, null), await fixture.StageAsync(version, "large.onnx"));
        Assert.Equal(["labels.txt", "large.onnx", "model.sig", "model.yaml", "probes/yes.txt"], fixture.FilesOf(1));
        Assert.Empty(Directory.EnumerateFileSystemEntries(fixture.PathOf("staging")));
    }

    [Fact]
    public async Task Same_number_with_other_content_is_refused_and_the_first_stays()
    {
        var first = await fixture.Source.PublishAsync(1);
        await fixture.StageAsync(first, "tiny-int8.onnx");
        var second = await fixture.Source.PublishAsync(1, suffix: " changed");
        Assert.Equal(BundleRefusal.Conflict, (await fixture.StageAsync(second, "tiny-int8.onnx")).Problem!.Refusal);
        Assert.Equal("tiny keyword 1", File.ReadAllText(fixture.PathOf("repository", "keyword", "1", "tiny-int8.onnx")));
    }

    [Fact]
    public async Task Same_content_signed_again_takes_its_place()
    {
        await fixture.StageAsync(await fixture.Source.PublishAsync(1), "tiny-int8.onnx");
        await fixture.Source.SignAsync(1);
        Assert.Equal(new(true, null), await fixture.StageAsync(fixture.Source.Catalogue(1), "tiny-int8.onnx"));
    }

    [Fact]
    public async Task Key_that_is_not_trusted_is_refused()
    {
        var version = await fixture.Source.PublishAsync(1);
        fixture.Trusted = [];
        Assert.Equal(BundleRefusal.UnknownKey, (await fixture.StageAsync(version, "tiny-int8.onnx")).Problem!.Refusal);
        Assert.Empty(fixture.FilesOf(1));
    }

    [Fact]
    public async Task Catalogue_that_says_other_than_the_publisher_is_refused()
    {
        var version = await fixture.Source.PublishAsync(1);
        var two = await fixture.Source.PublishAsync(2);
        Assert.Equal(BundleRefusal.NotPublished, (await fixture.StageAsync(version with { Bundle = two.Bundle }, "tiny-int8.onnx")).Problem!.Refusal);
        var tiny = version.Files.First(f => f.Name == "tiny-int8.onnx");
        CatalogueFile[] swapped = [.. version.Files.Where(f => f != tiny), tiny with { Blob = version.Files.First(f => f.Name == "large.onnx").Blob }];
        Assert.Equal(BundleRefusal.NotPublished, (await fixture.Store.StageAsync("keyword", version with { Files = swapped }, [], CancellationToken.None)).Problem!.Refusal);
        Assert.Equal(BundleRefusal.NotPublished, (await fixture.Store.StageAsync("keyword", version with { Files = [.. version.Files.Skip(1)] }, [], CancellationToken.None)).Problem!.Refusal);
        Assert.Equal(BundleRefusal.ExtraFile, (await fixture.Store.StageAsync("keyword", version, [tiny with { Name = "../../x" }], CancellationToken.None)).Problem!.Refusal);
    }

    [Theory]
    [InlineData("../keyword")]
    [InlineData("a/b")]
    [InlineData("")]
    [InlineData("..")]
    public async Task Model_name_that_leads_elsewhere_is_refused(string model)
    {
        var version = await fixture.Source.PublishAsync(1);
        Assert.Equal(BundleRefusal.UnsafeName, (await fixture.Store.StageAsync(model, version, [], CancellationToken.None)).Problem!.Refusal);
    }

    [Fact]
    public async Task File_that_has_not_arrived_is_refused()
    {
        var version = await fixture.Source.PublishAsync(1);
        await fixture.ReceiveAsync(version, SignedSource.Needed(version, "tiny-int8.onnx"));
        Assert.Equal(BundleRefusal.MissingFile, (await fixture.Store.StageAsync("keyword", version, SignedSource.Needed(version, "large.onnx"), CancellationToken.None)).Problem!.Refusal);
        Assert.Empty(fixture.FilesOf(1));
    }

    [Theory]
    [InlineData("tiny-int8.onnx", "tinY keyword 1")]
    [InlineData("model.sig", "nothing")]
    public async Task Blob_that_was_altered_on_disk_is_refused_removed_and_fetched_anew(string name, string content)
    {
        var version = await fixture.Source.PublishAsync(1);
        var needed = SignedSource.Needed(version, "tiny-int8.onnx");
        await fixture.ReceiveAsync(version, needed);
        var blob = name == "model.sig" ? version.Signature : version.Files.First(f => f.Name == name).Blob;
        File.WriteAllText(fixture.BlobPath(blob.Digest), content);
        Assert.Equal(BundleRefusal.AlteredFile, (await fixture.Store.StageAsync("keyword", version, needed, CancellationToken.None)).Problem!.Refusal);
        Assert.Empty(fixture.FilesOf(1));
        Assert.False(fixture.Store.Blobs.Has(blob));
        Assert.Equal(new(true, null), await fixture.StageAsync(version, "tiny-int8.onnx"));
    }

    [Theory]
    [InlineData("tiny keyword 1 and more")]
    [InlineData("tiny")]
    public async Task Blob_that_grew_or_shrank_on_disk_is_refused_and_fetched_anew(string content)
    {
        var version = await fixture.Source.PublishAsync(1);
        var needed = SignedSource.Needed(version, "tiny-int8.onnx");
        await fixture.ReceiveAsync(version, needed);
        File.WriteAllText(fixture.BlobPath(version.Files.First(f => f.Name == "tiny-int8.onnx").Blob.Digest), content);
        Assert.Equal(BundleRefusal.AlteredFile, (await fixture.Store.StageAsync("keyword", version, needed, CancellationToken.None)).Problem!.Refusal);
        Assert.Equal(new(true, null), await fixture.StageAsync(version, "tiny-int8.onnx"));
    }

    [Fact]
    public async Task Version_that_was_altered_in_the_repository_is_not_loaded_and_staged_anew()
    {
        var version = await fixture.Source.PublishAsync(1);
        await fixture.StageAsync(version, "tiny-int8.onnx");
        File.WriteAllText(fixture.PathOf("repository", "keyword", "1", "tiny-int8.onnx"), "tinY keyword 1");
        var (repository, engine) = fixture.OpenRepository();
        Assert.Contains("AlteredFile", (await repository.LoadAsync("keyword", null, CancellationToken.None)).Failure!.Message);
        Assert.Empty(engine.Loads);
        // The blob is the same file on disk: it is found altered, removed and fetched.
        Assert.Equal(BundleRefusal.AlteredFile, (await fixture.Store.StageAsync("keyword", version, SignedSource.Needed(version, "tiny-int8.onnx"), CancellationToken.None)).Problem!.Refusal);
        Assert.Equal(new(true, null), await fixture.StageAsync(version, "tiny-int8.onnx"));
        Assert.Null((await repository.LoadAsync("keyword", null, CancellationToken.None)).Failure);
    }
}
