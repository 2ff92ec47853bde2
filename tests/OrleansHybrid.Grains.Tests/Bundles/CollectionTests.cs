using CsCheck;
using Microsoft.Extensions.Time.Testing;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.Domain.Documents;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Links.Bundles.Store;
using Xunit;

namespace OrleansHybrid.Grains.Tests.Bundles;

public sealed class CollectionTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider clock = new(TimeProvider.System.GetUtcNow());
    private readonly StoreFixture fixture;

    public CollectionTests() => fixture = new StoreFixture(clock: clock);

    public void Dispose() => fixture.Dispose();

    [Fact]
    public void Wanted_is_kept_whatever_its_age_and_size_and_the_rest_goes_oldest_first_until_it_fits()
    {
        var rng = Gen.Select(Gen.Int[1, 8], Gen.Int[0, 400], Gen.Int[0, 50], Gen.Int[0, 3]).Array[0, 12];
        rng.Sample(rows =>
        {
            var files = Enumerable.Range(0, 9).Select(i => new KeptFile($"f{i}", 10 + i, Now - TimeSpan.FromDays(i * 3))).ToList();
            var versions = rows.Select((r, i) => new KeptVersion(new ModelVersionKey("m", i + 1), new HashSet<string> { $"f{r.Item1}", $"f{r.Item4}" }, Now - TimeSpan.FromDays(r.Item2 / 10.0))).ToList();
            var wanted = versions.Where((_, i) => rows[i].Item3 < 15).Select(v => v.Version).ToHashSet();
            var keep = new CollectionKeep(wanted, new HashSet<string> { "f8" });
            var choice = CollectionRules.Choose(new CollectionInventory(versions, files), keep, 60, TimeSpan.FromDays(30), TimeSpan.FromDays(7), Now);
            Assert.DoesNotContain(choice.Versions, v => wanted.Contains(v.Version));
            var left = versions.Except(choice.Versions).ToList();
            Assert.All(left.SelectMany(v => v.Digests), d => Assert.DoesNotContain(choice.Files, f => f.Digest == d));
            Assert.DoesNotContain(choice.Files, f => f.Digest == "f8");
            Assert.All(left.Where(v => !wanted.Contains(v.Version)), v => Assert.True(Now - v.WantedAt <= TimeSpan.FromDays(30)));
            var kept = files.Except(choice.Files).ToList();
            Assert.True(kept.Sum(f => f.Bytes) <= 60 || left.All(v => wanted.Contains(v.Version)));
        });
    }

    [Fact]
    public void Clock_that_went_back_removes_nothing()
    {
        var future = new KeptVersion(new ModelVersionKey("m", 1), new HashSet<string> { "f" }, Now + TimeSpan.FromDays(900));
        var choice = CollectionRules.Choose(new([future], [new KeptFile("g", 1, Now + TimeSpan.FromDays(1))]), new(new HashSet<ModelVersionKey>(), new HashSet<string>()), 100, TimeSpan.Zero, TimeSpan.Zero, Now);
        Assert.Empty(choice.Versions);
        Assert.Empty(choice.Files);
    }

    [Fact]
    public async Task Version_goes_when_nobody_wanted_it_for_its_age_with_its_files_and_statement()
    {
        var (one, two) = await StageBothAsync();
        await CollectAsync(2);
        Assert.NotEmpty(fixture.FilesOf(1));
        clock.Advance(Limits.BundleAgeMax + TimeSpan.FromHours(1));
        await CollectAsync(2);
        Assert.Empty(fixture.FilesOf(1));
        Assert.NotEmpty(fixture.FilesOf(2));
        Assert.False(fixture.Store.Blobs.Has(one.Files.First(f => f.Name == "tiny-int8.onnx").Blob));
        Assert.True(fixture.Store.Blobs.Has(two.Files.First(f => f.Name == "tiny-int8.onnx").Blob));
        Assert.Equal([two.Bundle[7..] + ".json", two.Bundle[7..] + ".sig"], Directory.GetFiles(fixture.PathOf("statements")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Last_good_version_stays_though_nobody_desires_it()
    {
        var (one, _) = await StageBothAsync();
        await fixture.Store.Activations.SucceededAsync(new ModelVersionKey("keyword", 1), one.Bundle, CancellationToken.None);
        clock.Advance(TimeSpan.FromDays(900));
        await CollectAsync();
        Assert.NotEmpty(fixture.FilesOf(1));
        Assert.Empty(fixture.FilesOf(2));
    }

    [Fact]
    public async Task File_that_others_ask_for_stays_and_one_that_broke_off_goes()
    {
        var version = await fixture.Source.PublishAsync(1);
        var large = version.Files.First(f => f.Name == "large.onnx").Blob;
        var tiny = version.Files.First(f => f.Name == "tiny-int8.onnx").Blob;
        await fixture.ReceiveAsync(version, [.. version.Files.Where(f => f.Blob != tiny)]);
        await fixture.ReceiveAsync(tiny, [1, 2, 3]);
        clock.Advance(Limits.IncomingAgeMax + TimeSpan.FromHours(1));
        await new BundleCollector(fixture.Store).CollectAsync([], [large.Digest], CancellationToken.None);
        Assert.True(fixture.Store.Blobs.Has(large));
        Assert.False(fixture.Store.Blobs.Has(version.Signature));
        Assert.False(File.Exists(fixture.PartPath(tiny.Digest)));
        Assert.Equal(large.Bytes, fixture.Store.Blobs.BytesHeld);
    }

    private async Task<(CatalogueVersion One, CatalogueVersion Two)> StageBothAsync()
    {
        var (one, two) = (await fixture.Source.PublishAsync(1), await fixture.Source.PublishAsync(2));
        await fixture.StageAsync(one, "tiny-int8.onnx");
        await fixture.StageAsync(two, "tiny-int8.onnx");
        return (one, two);
    }

    private Task<CollectionChoice> CollectAsync(params int[] desired) =>
        new BundleCollector(fixture.Store).CollectAsync(desired.Select(v => new ModelVersionKey("keyword", v)), [], CancellationToken.None);
}
