using OrleansHybrid.Domain.Audit;
using Xunit;

namespace OrleansHybrid.Domain.Tests.Audit;

public sealed class AuditBookTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Book_that_grows_over_segments_keeps_one_chain()
    {
        var (book, segments) = Grow(3 * Limits.AuditSegmentEntries + 7);

        Assert.Equal(3, segments.Count);
        Assert.Equal(7, book.Tail.Count);
        Assert.Null(AuditChain.Verify(book.Anchor, segments.SelectMany(s => s).Concat(book.Tail), book.Head).Break);
    }

    [Fact]
    public void Oldest_segment_goes_by_count_and_the_chain_goes_on_from_its_last_hash()
    {
        var (book, segments) = Grow(3 * Limits.AuditSegmentEntries + 7);
        var kept = 3 * Limits.AuditSegmentEntries;

        Assert.Null(AuditBookRules.DropReason(book, Start, kept + 8));
        var reason = AuditBookRules.DropReason(book, Start, kept);
        var after = AuditBookRules.Drop(book, segments[0], segments[1], reason!, "drop", Start);

        Assert.Equal(segments[0][^1].Head, after.Anchor);
        Assert.Equal(segments[1][^1].At, after.OldestEnds);
        Assert.Equal((AuditVerbs.AuditDropped, "entries 1-100"), (after.Tail[^1].Change.What, after.Tail[^1].Change.Subject));
        Assert.Null(AuditChain.Verify(after.Anchor, segments.Skip(1).SelectMany(s => s).Concat(after.Tail), after.Head).Break);
    }

    [Fact]
    public void Segment_goes_by_age_once_its_newest_entry_is_old()
    {
        var (book, segments) = Grow(Limits.AuditSegmentEntries + 1);
        var ends = segments[0][^1].At;

        Assert.Null(AuditBookRules.DropReason(book, ends + Limits.AuditAgeMax, Limits.AuditEntriesMax));
        Assert.NotNull(AuditBookRules.DropReason(book, ends + Limits.AuditAgeMax + TimeSpan.FromTicks(1), Limits.AuditEntriesMax));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Text_that_is_too_long_is_cut_visibly_with_a_digest_of_the_whole(int shift)
    {
        // A character of two halves lies on the cut or beside it.
        var text = new string('a', shift) + string.Concat(Enumerable.Repeat("😀", 3000));

        var cut = AuditText.Fit(text, Limits.AuditTextCharsMax);
        var other = AuditText.Fit(text + "b", Limits.AuditTextCharsMax);

        Assert.InRange(cut.Length, Limits.AuditTextCharsMax - 1, Limits.AuditTextCharsMax);
        Assert.Contains($"(cut; {text.Length} characters, sha256:", cut, StringComparison.Ordinal);
        Assert.NotEqual(cut, other);
        Assert.DoesNotContain('\uFFFD', cut);
    }

    [Fact]
    public void Text_with_half_a_character_is_made_whole_and_an_entry_that_has_one_is_refused()
    {
        var entry = AuditChain.Append(AuditHead.Origin, AuditChainTests.Change("a\uD800b"), "op", Start);

        Assert.Equal("a\uFFFDb", entry.Change.Why);
        Assert.Null(AuditBytes.Of(entry with { Operation = "\uDC00" }));
        Assert.NotNull(AuditChain.Verify(AuditHead.Origin, [entry with { Operation = "\uDC00" }]).Break);
    }

    [Fact]
    public void Bounds_leave_room_for_what_a_cut_shows() =>
        Assert.All([Limits.AuditNameCharsMax, Limits.AuditSubjectCharsMax, Limits.AuditTextCharsMax], max => Assert.Equal(max, AuditText.Fit(new string('x', 1_000_000), max).Length));

    private static (AuditBook Book, List<IReadOnlyList<AuditEntry>> Segments) Grow(int entries)
    {
        var (book, segments) = (AuditBook.Empty, new List<IReadOnlyList<AuditEntry>>());
        for (var i = 0; i < entries; i++)
        {
            if (AuditBookRules.MustClose(book))
            {
                segments.Add(book.Tail);
                book = AuditBookRules.Close(book);
            }

            book = AuditBookRules.Append(book, AuditChainTests.Change("w"), $"op-{i}", Start.AddSeconds(i)).Book;
        }

        return (book, segments);
    }
}
