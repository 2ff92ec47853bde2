using OrleansHybrid.Contracts;
using OrleansHybrid.Contracts.Audit;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Audit;
using OrleansHybrid.Grains.Tests.Harness;
using Xunit;

namespace OrleansHybrid.Grains.Tests.Audit;

public sealed class AuditGrainTests
{
    [Fact]
    public async Task Entry_that_was_answered_survives_the_grain_and_the_chain_holds()
    {
        await using var cell = await TestCell.StartAsync(storage: new EtagStorage());
        var audit = Log(cell);
        var first = await audit.AppendAsync(Change("one"), "op-1", default);
        await cell.DeactivateAsync(audit);
        var second = await audit.AppendAsync(Change("two"), "op-2", default);

        Assert.Equal((1, 2), (first.Entry.Sequence, second.Entry.Sequence));
        Assert.Equal(first.Entry.Hash, second.Entry.Previous);
        await AssertWholeAsync(cell, 2);
    }

    [Fact]
    public async Task Operation_that_is_sent_again_is_written_once_also_after_its_answer_was_lost()
    {
        var storage = new EtagStorage();
        await using var cell = await TestCell.StartAsync(storage: storage);
        var audit = Log(cell);
        await audit.AppendAsync(Change("one"), "op-1", default);
        storage.LoseAnswer = true;

        await Assert.ThrowsAnyAsync<Exception>(() => audit.AppendAsync(Change("two"), "op-2", default));
        var again = await audit.AppendAsync(Change("two"), "op-2", default);

        Assert.Equal((true, 2), (again.Repeated, again.Entry.Sequence));
        await AssertWholeAsync(cell, 2);
    }

    [Fact]
    public async Task Operation_of_a_segment_that_was_just_closed_is_known()
    {
        await using var cell = await TestCell.StartAsync(storage: new EtagStorage());
        var audit = Log(cell);
        await FillAsync(audit, Limits.AuditSegmentEntries + 1);

        var again = await audit.AppendAsync(Change("again"), "op-99", default);

        Assert.Equal((true, 100), (again.Repeated, again.Entry.Sequence));
    }

    /// <summary>Two clusters on one store are two activations of one grain.</summary>
    [Fact]
    public async Task Two_activations_that_write_in_turn_and_at_once_make_one_chain()
    {
        var storage = new EtagStorage();
        await using var one = await TestCell.StartAsync(storage: storage);
        await using var other = await TestCell.StartAsync(storage: storage);
        for (var i = 0; i < 8; i++) await Log(i % 2 == 0 ? one : other).AppendAsync(Change("turn"), $"turn-{i}", default);

        await Task.WhenAll(WriteAsync(Log(one), "a"), WriteAsync(Log(other), "b"));

        Assert.NotEqual(0, storage.Conflicts);
        await AssertWholeAsync(one, 8 + 240);
        await AssertWholeAsync(other, 8 + 240);

        static async Task WriteAsync(IAuditGrain audit, string name)
        {
            for (var i = 0; i < 120; i++) await audit.AppendAsync(Change(name), $"{name}-{i}", default);
        }
    }

    [Fact]
    public async Task Segment_that_is_too_old_is_dropped_whole_with_an_entry_that_says_so()
    {
        var storage = new EtagStorage();
        await using (var before = await TestCell.StartAsync(storage: storage)) await FillAsync(Log(before), 2 * Limits.AuditSegmentEntries + 3);
        await using var cell = await TestCell.StartAsync(storage: storage, later: Limits.AuditAgeMax + TimeSpan.FromSeconds(1));
        var audit = Log(cell);

        await audit.AppendAsync(Change("later"), "later", default);
        var book = await audit.ReadAsync(default);

        Assert.Equal(Limits.AuditSegmentEntries, book.Anchor.Sequence);
        Assert.Equal([AuditVerbs.AuditDropped, AuditVerbs.KeyCreate], book.Tail.TakeLast(2).Select(e => e.Change.What));
        Assert.False(storage.Has("audit-segment", Sample.Cell + "/0"));
        Assert.True(storage.Has("audit-segment", Sample.Cell + "/1"));
        await AssertWholeAsync(cell, 2 * Limits.AuditSegmentEntries + 5);
    }

    private static IAuditGrain Log(TestCell cell) => cell.Client.GetAudit(Sample.Cell);

    private static AuditChange Change(string why) => new("operator.key", AuditVerbs.KeyCreate, "key 1", "", "free: infer", why);

    private static async Task FillAsync(IAuditGrain audit, int entries)
    {
        for (var i = 0; i < entries; i++) await audit.AppendAsync(Change("fill"), $"op-{i}", default);
    }

    private static async Task AssertWholeAsync(TestCell cell, long last)
    {
        var book = await Log(cell).ReadAsync(default);
        var entries = new List<AuditEntry>();
        for (var n = book.OldestSegment; n < book.TailSegment; n++) entries.AddRange(await cell.Client.GetAuditSegment(new AuditSegmentKey(Sample.Cell, n)).ReadAsync(default));
        entries.AddRange(book.Tail);

        Assert.Null(AuditChain.Verify(book.Anchor, entries, book.Head).Break);
        Assert.Equal(last, book.Head.Sequence);
        Assert.Equal(entries.Count, entries.Select(e => e.Operation).Distinct().Count());
    }
}
