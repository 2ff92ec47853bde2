using System.Text;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.Domain.Documents;
using OrleansHybrid.Links.Bundles.Store;
using OrleansHybrid.Grains.Tests.Harness;
using Xunit;

namespace OrleansHybrid.Grains.Tests.Bundles;

public sealed class BlobStoreTests : IDisposable
{
    private static readonly byte[] Content = Encoding.UTF8.GetBytes("twenty-four bytes of it!");
    private static readonly BlobReference Blob = new(BundleDigests.Of(Content), Content.Length);

    private readonly StoreFixture fixture = new();

    private BlobStore Blobs => fixture.Store.Blobs;

    public void Dispose() => fixture.Dispose();

    [Fact]
    public async Task File_is_readable_by_its_digest_after_commit_and_private()
    {
        Assert.Null(await fixture.ReceiveAsync(Blob, Content));
        Assert.True(Blobs.Has(Blob));
        await using var stream = await Blobs.OpenAsync(Blob.Digest, localOnly: true, CancellationToken.None);
        using var read = new MemoryStream();
        await stream!.CopyToAsync(read);
        Assert.Equal(Content, read.ToArray());
        Assert.False(File.Exists(fixture.PartPath(Blob.Digest)));
        if (OperatingSystem.IsWindows()) return;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(fixture.BlobPath(Blob.Digest)));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(fixture.BlobPath(Blob.Digest))!));
    }

    [Theory]
    [InlineData("sha256:../../x")]
    [InlineData("")]
    [InlineData("sha256:0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task Unknown_digest_opens_nothing(string digest) => Assert.Null(await Blobs.OpenAsync(digest, localOnly: true, CancellationToken.None));

    [Fact]
    public async Task Transfer_that_broke_off_goes_on_where_it_was_in_another_process()
    {
        var begin = await Blobs.BeginAsync(Blob, CancellationToken.None);
        await using (begin.Writer!) Assert.Null(await begin.Writer!.WriteAsync(Content.AsMemory(0, 10), CancellationToken.None));
        Assert.False(Blobs.Has(Blob));
        await fixture.RestartAsync();
        var again = await Blobs.BeginAsync(Blob, CancellationToken.None);
        await using (again.Writer!)
        {
            Assert.Equal(10, again.Writer!.Position);
            Assert.Null(await again.Writer.WriteAsync(Content.AsMemory(10), CancellationToken.None));
            Assert.Null(await again.Writer.CommitAsync(CancellationToken.None));
        }

        Assert.True(Blobs.Has(Blob));
        Assert.True((await Blobs.BeginAsync(Blob, CancellationToken.None)).IsHere);
    }

    [Fact]
    public async Task Truncated_transfer_is_refused_and_what_came_is_kept()
    {
        Assert.Equal(BundleRefusal.Truncated, (await fixture.ReceiveAsync(Blob, Content[..9]))!.Refusal);
        Assert.Equal(9, new FileInfo(fixture.PartPath(Blob.Digest)).Length);
        Assert.Null(await fixture.ReceiveAsync(Blob, Content));
    }

    [Fact]
    public async Task Part_that_was_altered_on_disk_is_refused_at_its_end_and_begins_anew()
    {
        await fixture.ReceiveAsync(Blob, Content[..9]);
        File.WriteAllText(fixture.PartPath(Blob.Digest), "something");
        Assert.Equal(BundleRefusal.AlteredFile, (await fixture.ReceiveAsync(Blob, Content))!.Refusal);
        Assert.False(File.Exists(fixture.PartPath(Blob.Digest)));
        Assert.Null(await fixture.ReceiveAsync(Blob, Content));
    }

    [Fact]
    public async Task Part_longer_than_was_said_begins_anew()
    {
        File.WriteAllBytes(fixture.PartPath(Blob.Digest), [.. Content, 1, 2, 3]);
        Assert.Null(await fixture.ReceiveAsync(Blob, Content));
    }

    [Fact]
    public async Task Endless_file_is_refused_at_the_first_byte_too_many()
    {
        var begin = await Blobs.BeginAsync(Blob, CancellationToken.None);
        await using var writer = begin.Writer!;
        Assert.Null(await writer.WriteAsync(Content, CancellationToken.None));
        Assert.Equal(BundleRefusal.TooLarge, (await writer.WriteAsync(new byte[1], CancellationToken.None))!.Refusal);
        Assert.False(File.Exists(fixture.PartPath(Blob.Digest)));
        Assert.Equal(0, Blobs.BytesHeld);
    }

    [Fact]
    public async Task Other_content_of_the_same_size_is_refused()
    {
        Assert.Equal(BundleRefusal.AlteredFile, (await fixture.ReceiveAsync(Blob, new byte[Content.Length]))!.Refusal);
        Assert.False(Blobs.Has(Blob));
    }

    [Fact]
    public async Task Right_digest_with_a_wrong_size_is_refused_while_it_comes_and_when_it_is_here()
    {
        var larger = Blob with { Bytes = Blob.Bytes + 1 };
        Assert.Equal(BundleRefusal.WrongSize, (await fixture.ReceiveAsync(larger, Content))!.Refusal);
        Assert.Null(await fixture.ReceiveAsync(Blob, Content));
        Assert.Equal(BundleRefusal.WrongSize, (await fixture.ReceiveAsync(larger, Content))!.Refusal);
        Assert.True(Blobs.Has(Blob));
    }

    [Fact]
    public async Task Size_beyond_every_bound_is_refused_before_a_byte()
    {
        Assert.Equal(BundleRefusal.TooLarge, (await Blobs.BeginAsync(Blob with { Bytes = Limits.VersionBytesMax + 1 }, CancellationToken.None)).Problem!.Refusal);
        Assert.Equal(BundleRefusal.TooLarge, (await Blobs.BeginAsync(Blob with { Bytes = -1 }, CancellationToken.None)).Problem!.Refusal);
        Assert.Equal(BundleRefusal.WrongShape, (await Blobs.BeginAsync(new BlobReference("sha256:../../../etc/passwd", 1), CancellationToken.None)).Problem!.Refusal);
    }

    [Fact]
    public async Task Second_caller_for_a_digest_waits_and_finds_it_here()
    {
        var first = await Blobs.BeginAsync(Blob, CancellationToken.None);
        var second = Blobs.BeginAsync(Blob, CancellationToken.None);
        Assert.False(second.IsCompleted);
        await using (first.Writer!)
        {
            await first.Writer!.WriteAsync(Content, CancellationToken.None);
            Assert.Null(await first.Writer.CommitAsync(CancellationToken.None));
        }

        Assert.True((await second).IsHere);
    }

    [Fact]
    public async Task Caller_that_gives_up_waiting_leaves_the_turn_to_others()
    {
        var first = await Blobs.BeginAsync(Blob, CancellationToken.None);
        using var stop = new CancellationTokenSource();
        var second = Blobs.BeginAsync(Blob, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        await first.Writer!.DisposeAsync();
        Assert.Null(await fixture.ReceiveAsync(Blob, Content));
    }

    [Fact]
    public async Task Bound_on_all_bytes_counts_what_is_here_and_what_is_coming()
    {
        using var small = new StoreFixture(bytesMax: 40);
        Assert.Null(await small.ReceiveAsync(Blob, Content));
        var other = Encoding.UTF8.GetBytes("seventeen bytes!!");
        var problem = await small.ReceiveAsync(new BlobReference(BundleDigests.Of(other), other.Length), other);
        Assert.Equal(BundleRefusal.NoRoom, problem!.Refusal);
        var fits = other[..16];
        Assert.Null(await small.ReceiveAsync(new BlobReference(BundleDigests.Of(fits), fits.Length), fits));
        Assert.Equal(40, small.Store.Blobs.BytesHeld);
        await small.RestartAsync();
        Assert.Equal(40, small.Store.Blobs.BytesHeld);
    }

    [SkippableFact]
    public async Task Full_disk_is_a_value_and_the_transfer_goes_on_when_there_is_room()
    {
        using var disk = SmallDisk.Mount(96 << 10);
        using var full = new StoreFixture(disk.Path, with: s => s with { DiskReserveBytes = 0, DiskFree = _ => long.MaxValue });
        var ballast = Path.Combine(disk.Path, "ballast");
        File.WriteAllBytes(ballast, new byte[72 << 10]);
        var content = Enumerable.Range(0, 48 << 10).Select(i => (byte)(i * 7)).ToArray();
        var blob = new BlobReference(BundleDigests.Of(content), content.Length);
        Assert.Equal(BundleRefusal.NoRoom, (await full.ReceiveAsync(blob, content))!.Refusal);
        Assert.InRange(new FileInfo(full.PartPath(blob.Digest)).Length, 1, content.Length - 1);
        File.Delete(ballast);
        Assert.Null(await full.ReceiveAsync(blob, content));
        Assert.Equal(content, File.ReadAllBytes(full.BlobPath(blob.Digest)));
    }
}
