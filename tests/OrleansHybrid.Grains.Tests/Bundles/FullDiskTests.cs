using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.Domain.Documents;
using OrleansHybrid.Domain.Nodes;
using OrleansHybrid.Grains.Tests.Harness;
using Xunit;

namespace OrleansHybrid.Grains.Tests.Bundles;

/// <summary>A disk that is full, or would be: the refusal says what is needed and free, nothing half is visible, what served serves, and the same try completes when there is room.</summary>
public sealed class FullDiskTests
{
    private const int Page = 4096;
    private const long Mib = 1 << 20;
    private long free = long.MaxValue;

    [Fact]
    public async Task Version_that_would_take_of_the_reserve_is_refused_with_its_figures_before_anything_is_asked_for()
    {
        using var place = new InstallerFixture(with: s => s with { DiskFree = _ => free });
        await ServeAsync(place, 1);
        await place.PublishAsync(2);
        place.Source.Asked.Clear();
        free = Limits.DiskReserveBytes + 100;

        Assert.False(await place.PassAsync());

        Assert.Empty(place.Source.Asked);
        Assert.Equal((NodeVersionStage.Failed, true), (place.Said(2).Stage, place.Said(2).Reason.StartsWith("NoRoom: ", StringComparison.Ordinal)));
        Assert.Contains($"0.1 MiB more are needed on the disk of {place.Store.Settings.Folder}; 128.1 MiB are free, 128.0 MiB of them kept", place.Said(2).Reason, StringComparison.Ordinal);
        Assert.Equal([1], place.Served);
        free = Limits.DiskReserveBytes + Mib;
        await CompleteAsync(place, 2);
    }

    [Fact]
    public async Task Disk_that_somebody_else_fills_meanwhile_ends_the_transfer_at_the_reserve_and_it_goes_on_from_there()
    {
        var asked = 0;
        using var place = new InstallerFixture(with: s => s with { DiskFree = _ => ++asked > 20 ? Limits.DiskReserveBytes : long.MaxValue });
        await place.PublishAsync(1);

        Assert.False(await place.PassAsync());

        Assert.StartsWith("NoRoom: ", place.Said(1).Reason, StringComparison.Ordinal);
        Assert.InRange(new FileInfo(place.Store.PartPath(place.Entry!.Versions[0].Signature.Digest)).Length, 1, place.Entry.Versions[0].Signature.Bytes - 1);
        asked = int.MinValue;
        await CompleteAsync(place, 1);
        Assert.Contains(place.Source.Asked, a => a.File == "model.sig" && a.Offset > 0);
    }

    [Fact]
    public async Task Files_on_their_way_count_before_they_are_written()
    {
        free = Limits.DiskReserveBytes + 100;
        using var store = new StoreFixture(with: s => s with { DiskFree = _ => free });
        BlobReference one = new(BundleDigests.Of("1"u8), 60), two = new(BundleDigests.Of("2"u8), 60);
        var first = await store.Store.Blobs.BeginAsync(one, default);
        Assert.Equal(BundleRefusal.NoRoom, (await store.Store.Blobs.BeginAsync(two, default)).Problem!.Refusal);
        await first.Writer!.DisposeAsync();
        var second = await store.Store.Blobs.BeginAsync(two, default);
        Assert.Null(second.Problem);
        await second.Writer!.DisposeAsync();
    }

    /// <summary>Once for each page that may be left, up to where all fits: each write on the way meets the full disk.</summary>
    [SkippableFact]
    public async Task Disk_that_is_full_at_any_write_fails_the_version_keeps_the_old_one_and_completes_later()
    {
        using var disk = SmallDisk.Mount(4 * Mib);
        var failures = 0;
        for (var pages = 0; ; pages++)
        {
            var folder = Directory.CreateDirectory(Path.Combine(disk.Path, $"{pages}")).FullName;
            using var place = new InstallerFixture(folder, s => s with { DiskReserveBytes = 0, DiskFree = _ => long.MaxValue });
            await ServeAsync(place, 1);
            await place.PublishAsync(2);
            disk.FillTo(pages * Page);

            var done = await place.PassAsync();

            Assert.Contains(1, (int[])[.. place.Served, done ? 1 : 0]);
            if (!done) Assert.StartsWith("NoRoom: ", place.Said(2).Reason, StringComparison.Ordinal);
            Assert.All(place.Store.FilesOf(2), f => Assert.Contains(f, (string[])[.. SignedSource.Shared, "model.sig", "tiny-int8.onnx"]));
            Assert.Contains(place.Store.FilesOf(2).Length, (int[])[0, SignedSource.Shared.Length + 2]);
            disk.Clear();
            await CompleteAsync(place, 2);
            await place.RestartAsync();
            await CompleteAsync(place, 2);
            Directory.Delete(folder, recursive: true);
            if (done) break;
            failures++;
            Assert.InRange(failures, 0, 40);
        }

        Assert.InRange(failures, 6, 40);
    }

    private static async Task ServeAsync(InstallerFixture place, int version)
    {
        await place.PublishAsync(version);
        Assert.True(await place.PassAsync());
    }

    private static async Task CompleteAsync(InstallerFixture place, int version)
    {
        place.Clock.Advance(Limits.InstallRetryMax * 2);
        Assert.True(await place.PassAsync(), place.Said(version).Reason);
        Assert.Equal([version], place.Served);
        Assert.Equal(NodeVersionStage.Serving, place.Said(version).Stage);
        Assert.Contains(place.Store.Store.Activations.State.LastGood, g => g.Version.Version == version);
        Assert.Empty(Directory.EnumerateFileSystemEntries(place.Store.PathOf("staging")));
        Assert.Empty(Directory.EnumerateFiles(place.Store.Settings.Folder, "*.half", SearchOption.AllDirectories));
    }
}
