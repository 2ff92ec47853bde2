using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.Domain.Documents;
using OrleansHybrid.Links.Bundles.Transfer;
using Xunit;

namespace OrleansHybrid.Grains.Tests.Bundles;

/// <summary>Files on their way: what is asked for, what goes on, what is refused.</summary>
public sealed class TransferTests : IDisposable
{
    private readonly StoreFixture fixture = new();
    private readonly FakeBundleSource source;

    public TransferTests() => source = new FakeBundleSource(fixture.Source);

    public void Dispose() => fixture.Dispose();

    [Fact]
    public async Task Signature_comes_first_and_another_zones_variant_never()
    {
        var version = await fixture.Source.PublishAsync(1);
        Assert.True((await FetchAsync(version)).IsDone);
        Assert.Equal(["model.sig", "labels.txt", "model.yaml", "yes.txt", "tiny-int8.onnx"], source.Asked.Select(a => a.File));
        Assert.True((await FetchAsync(version)).IsDone);
        Assert.Equal(5, source.Asked.Count); // What is here is not asked for again.
    }

    [Fact]
    public async Task Broken_off_file_goes_on_where_it_was()
    {
        var version = await fixture.Source.PublishAsync(1);
        source.BreaksOnce = ("tiny-int8.onnx", 10);
        Assert.Equal(FailureCode.UpstreamUnavailable, (await FetchAsync(version)).Failure?.Code);
        await fixture.RestartAsync();
        Assert.True((await FetchAsync(version)).IsDone);
        Assert.Equal([0L, 10L], source.Asked.Where(a => a.File == "tiny-int8.onnx").Select(a => a.Offset));
    }

    [Theory]
    [InlineData("altered", BundleRefusal.AlteredFile)]
    [InlineData("endless", BundleRefusal.TooLarge)]
    [InlineData("early", BundleRefusal.Truncated)]
    [InlineData("other-total", BundleRefusal.WrongSize)]
    public async Task Wrong_file_is_refused_with_its_own_reason(string how, BundleRefusal refusal)
    {
        var version = await fixture.Source.PublishAsync(1);
        if (how == "altered") source.Instead["tiny-int8.onnx"] = "Tiny keyword 1"u8.ToArray();
        if (how == "endless") source.Endless = "tiny-int8.onnx";
        if (how == "early") source.EndsEarly = "tiny-int8.onnx";
        if (how == "other-total") source.States = 3;
        Assert.Equal(refusal, (await FetchAsync(version)).Problem?.Refusal);
        Assert.False(fixture.Store.Blobs.Has(version.Files.Single(f => f.Name == "tiny-int8.onnx").Blob));
    }

    [Fact]
    public async Task Statement_of_an_unknown_key_ends_the_transfer_before_any_file()
    {
        var version = await fixture.Source.PublishAsync(1);
        fixture.Trusted = [];
        Assert.Equal(BundleRefusal.UnknownKey, (await FetchAsync(version)).Problem?.Refusal);
        Assert.Equal(["model.sig"], source.Asked.Select(a => a.File));
    }

    [Fact]
    public async Task Catalogue_that_names_other_files_than_were_signed_is_refused_before_any_file()
    {
        var version = await fixture.Source.PublishAsync(1);
        CatalogueFile[] files = [.. version.Files.Select(f => f.Name == "tiny-int8.onnx" ? f with { Blob = new BlobReference(BundleDigests.Of([1]), 1) } : f)];
        Assert.Equal(BundleRefusal.NotPublished, (await FetchAsync(version with { Files = files })).Problem?.Refusal);
        Assert.Equal(["model.sig"], source.Asked.Select(a => a.File));
    }

    [Fact]
    public async Task File_that_the_version_does_not_list_is_never_asked_for()
    {
        var version = await fixture.Source.PublishAsync(1);
        var stranger = new CatalogueFile("more.bin", new BlobReference(BundleDigests.Of([1]), 1));
        Assert.Equal(BundleRefusal.ExtraFile, (await Fetcher().FetchAsync("keyword", version, [stranger], default)).Problem?.Refusal);
        Assert.Equal(["model.sig"], source.Asked.Select(a => a.File));
    }

    private BundleFetcher Fetcher() => new(fixture.Store, source, TransferLimits.None(TimeProvider.System));

    private Task<FetchOutcome> FetchAsync(CatalogueVersion version) => Fetcher().FetchAsync("keyword", version, SignedSource.Needed(version, "tiny-int8.onnx"), default);
}
