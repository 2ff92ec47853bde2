using Microsoft.Extensions.Time.Testing;
using OrleansHybrid.EndToEnd.Tests.Harness;
using OrleansHybrid.Links.Records;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Links;

/// <summary>The log of records on disk: bounded, tolerant, and never in anybody's way.</summary>
public sealed class RecordLogTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly TempFolder temp = new();
    private readonly FakeTimeProvider clock = new(Noon);
    private readonly List<string> notices = [];

    private string Folder => temp.Sub("records");

    public void Dispose() => temp.Dispose();

    [Fact]
    public async Task Records_survive_the_log_and_their_numbers_grow()
    {
        await using (var log = Open()) await WriteAsync(log, 0, 5);
        await using var again = Open();
        again.Write(new Entry(5, clock.GetUtcNow()));
        var found = await again.ReadAsync(All, default);

        Assert.Equal([5, 4, 3, 2, 1, 0], found.Select(r => r.Record.Id));
        Assert.Equal(found.Select(r => r.Number).OrderDescending(), found.Select(r => r.Number));
        Assert.Equal(6, found.Select(r => r.Number).Distinct().Count());
    }

    [Fact]
    public async Task Size_is_bounded_by_dropping_the_oldest_segment()
    {
        await using var log = Open(o => o with { SegmentBytes = 1000, BytesMax = 5000, MemoryMax = 4 });
        await WriteAsync(log, 0, 500);
        var found = await log.ReadAsync(All, default);

        Assert.InRange(Files().Sum(f => f.Length), 3000, 5000);
        Assert.All(Files(), f => Assert.InRange(f.Length, 1, 1000));
        Assert.Equal(Enumerable.Range(500 - found.Count, found.Count).Reverse(), found.Select(r => r.Record.Id));
        Assert.InRange(found.Count, 30, 100);
    }

    [Fact]
    public async Task Files_and_folder_are_open_to_this_user_alone()
    {
        await using var log = Open();
        await WriteAsync(log, 0, 1);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Files().Single().FullName));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Folder));
    }

    [Fact]
    public async Task Old_records_leave_the_listing_at_once_and_the_disk_at_the_next_sweep()
    {
        await using var log = Open(o => o with { AgeMax = TimeSpan.FromDays(16) });
        await WriteAsync(log, 0, 3);
        clock.Advance(TimeSpan.FromDays(2));
        await WriteAsync(log, 3, 3);
        Assert.Equal(2, Files().Count);

        clock.Advance(TimeSpan.FromDays(14.5));
        Assert.Equal([5, 4, 3], (await log.ReadAsync(All, default)).Select(r => r.Record.Id));
        Assert.True(await log.FlushAsync(default));
        Assert.Single(Files());
        clock.Advance(TimeSpan.FromDays(2));
        Assert.Empty(await log.ReadAsync(All, default));
        Assert.True(await log.FlushAsync(default));
        Assert.Empty(Files());
        await WriteAsync(log, 6, 1);
        Assert.Equal([6], (await log.ReadAsync(All, default)).Select(r => r.Record.Id));
    }

    [Fact]
    public async Task Line_torn_by_a_kill_costs_itself_alone()
    {
        await using (var log = Open()) await WriteAsync(log, 0, 3);
        await File.AppendAllTextAsync(Files().Single().FullName, "{\"n\":1767268800000003,\"at\":\"2026-01-01T12:0");
        await using var again = Open(o => o with { MemoryMax = 1 });
        await WriteAsync(again, 3, 3);

        Assert.Equal([5, 4, 3, 2, 1, 0], (await again.ReadAsync(All, default)).Select(r => r.Record.Id));
        Assert.Equal(1, again.State.Unreadable);
    }

    [Fact]
    public async Task Folder_that_cannot_be_made_is_told_once_and_what_memory_holds_is_written_later()
    {
        await File.WriteAllTextAsync(Folder, "a file where the folder should be");
        await using var log = Open(o => o with { MemoryMax = 10 });
        for (var i = 0; i < 25; i++) log.Write(new Entry(i, clock.GetUtcNow()));
        Assert.False(await log.FlushAsync(default));
        Assert.False(await log.FlushAsync(default));

        Assert.True(log.State.Failing);
        Assert.Contains("cannot be written", Assert.Single(notices), StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(15, 10).Reverse(), (await log.ReadAsync(All, default)).Select(r => r.Record.Id));

        File.Delete(Folder);
        Assert.True(await log.FlushAsync(default));
        Assert.Equal(new RecordLogState(25, 10, 15, 0, false), log.State);
        Assert.Equal(2, notices.Count);
    }

    [Fact]
    public async Task Full_disk_stops_nothing_and_is_written_to_again_once_there_is_room()
    {
        Directory.CreateDirectory(Folder);
        var first = Path.Combine(Folder, FormattableString.Invariant($"test-{Noon.ToUnixTimeMilliseconds() * 1000:D19}.jsonl"));
        File.CreateSymbolicLink(first, "/dev/full");
        await using var log = Open();
        for (var i = 0; i < 5; i++) log.Write(new Entry(i, clock.GetUtcNow()));
        Assert.False(await log.FlushAsync(default));
        Assert.Contains("space", Assert.Single(notices), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(5, (await log.ReadAsync(All, default)).Count);

        File.Delete(first);
        Assert.True(await log.FlushAsync(default));
        Assert.Equal((5, 0, false), (log.State.Saved, log.State.Lost, log.State.Failing));
        await using var again = Open();
        Assert.Equal([4, 3, 2, 1, 0], (await again.ReadAsync(All, default)).Select(r => r.Record.Id));
    }

    [Fact]
    public async Task Record_that_is_too_long_is_dropped_and_counted()
    {
        await using var log = Open(o => o with { MemoryMax = 1 });
        log.Write(new Entry(0, Noon, new string('x', Domain.Limits.RecordBytesMax)));
        Assert.True(await log.FlushAsync(default));
        await WriteAsync(log, 1, 2);
        Assert.Equal([2, 1], (await log.ReadAsync(All, default)).Select(r => r.Record.Id));
        Assert.Equal((2, 1), (log.State.Saved, log.State.Lost));
    }

    [Fact]
    public async Task Pages_follow_one_another_without_a_gap()
    {
        await using var log = Open(o => o with { SegmentBytes = 1000, MemoryMax = 7 });
        await WriteAsync(log, 0, 100);
        var seen = new List<int>();
        for (long? before = null; ;)
        {
            var page = await log.ReadAsync(new RecordQuery<Entry>(null, e => e.Id % 3 == 0, 6, before), default);
            if (page.Count == 0) break;
            seen.AddRange(page.Select(r => r.Record.Id));
            before = page[^1].Number;
        }

        Assert.Equal(Enumerable.Range(0, 34).Select(i => 99 - (i * 3)), seen);
    }

    [Fact]
    public async Task Two_readers_beside_a_writer_see_each_record_once_and_in_order()
    {
        await using var log = Open(o => o with { SegmentBytes = 2000, BytesMax = 20_000, MemoryMax = 64 });
        using var done = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                var ids = (await log.ReadAsync(All, default)).Select(r => r.Record.Id).ToArray();
                for (var i = 1; i < ids.Length; i++) Assert.True(ids[i] < ids[i - 1], $"{ids[i]} came after {ids[i - 1]}");
            }
        })).ToArray();
        for (var i = 0; i < 100; i++) await WriteAsync(log, i * 50, 50);
        await done.CancelAsync();
        await Task.WhenAll(readers);
        Assert.Equal(4999, (await log.ReadAsync(All with { Rows = 1 }, default)).Single().Record.Id);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Corrupt_bytes_anywhere_never_stop_reading_or_writing(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 60; round++)
        {
            await using (var log = Open(o => o with { SegmentBytes = 3000, MemoryMax = 4 })) await WriteAsync(log, round * 20, 20);
            foreach (var file in Files().Where(_ => random.Next(3) == 0)) Damage(file.FullName, random);
            await using var again = Open(o => o with { MemoryMax = 4 });
            var found = await again.ReadAsync(All, default);
            Assert.Equal(found.Select(r => r.Number).Distinct().OrderDescending(), found.Select(r => r.Number));
        }

        await using var last = Open();
        Assert.True((await last.ReadAsync(All, default)).Count > 100, "nearly all was lost");
        Assert.Empty(notices);
    }

    private static void Damage(string path, Random random)
    {
        var bytes = File.ReadAllBytes(path);
        for (var i = 1 + random.Next(8); i > 0 && bytes.Length > 0; i--)
        {
            if (random.Next(4) == 0) bytes = bytes[..random.Next(bytes.Length)];
            else bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        }

        File.WriteAllBytes(path, bytes);
    }

    private static RecordQuery<Entry> All => new(null, null, int.MaxValue);

    private RecordLog<Entry> Open(Func<RecordLogOptions, RecordLogOptions>? change = null)
    {
        var options = new RecordLogOptions("test", Folder, 100, 1 << 20, TimeSpan.FromDays(16)) { Notice = notices.Add };
        return new RecordLog<Entry>(change?.Invoke(options) ?? options, e => e.At, clock);
    }

    private async Task WriteAsync(RecordLog<Entry> log, int from, int count)
    {
        // Never more at once than the smallest memory of these tests holds: what is written here is saved.
        for (var i = from; i < from + count; i++)
        {
            log.Write(new Entry(i, clock.GetUtcNow()));
            Assert.True(await log.FlushAsync(default));
        }
    }

    private List<FileInfo> Files() => Directory.Exists(Folder) ? [.. new DirectoryInfo(Folder).GetFiles("*.jsonl")] : [];

    private sealed record Entry(int Id, DateTimeOffset At, string Text = "");
}
