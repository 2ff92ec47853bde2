using CsCheck;
using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.Domain.Documents;
using Xunit;

namespace OrleansHybrid.Domain.Tests.Documents;

/// <summary>What holds for any documents in any order.</summary>
public sealed class DocumentProperties
{
    private const int Cases = 60;
    private static readonly string[] Models = ["a", "b", "c"];

    /// <summary>What one honest authority signed: each revision once, in some place.</summary>
    private static readonly byte[][] Signed = [.. Enumerable.Range(1, 12).Select(r => DocumentSample.Document(r, Models[r * 7 % 3]))];
    private static readonly byte[][] Forged = [.. Enumerable.Range(20, 3).Select(r => DocumentSample.Document(r, "a", key: DocumentSample.Stranger))];

    [Fact]
    public void Order_of_arrival_does_not_matter() => Gen.Shuffle(Signed).Sample(order =>
    {
        var (set, straight) = (DocumentSample.Held(order), DocumentSample.Held(Signed));
        Assert.Equal(straight.Documents.Select(d => BundleDigests.Of(d.Envelope)), set.Documents.Select(d => BundleDigests.Of(d.Envelope)));
        Assert.Equal((straight.Farm, straight.Revision), (set.Farm, set.Revision));
        Assert.Equal(straight.Endorsements.Select(e => BundleDigests.Of(e)), set.Endorsements.Select(e => BundleDigests.Of(e)));
    }, iter: Cases);

    [Fact]
    public void Lower_revision_never_wins_and_nothing_unsigned_gets_in() => Gen.Shuffle<byte[]>((byte[][])[.. Signed, .. Forged]).Sample(order =>
    {
        var set = DocumentSet.Empty;
        foreach (var document in order)
        {
            var (next, verdict) = DocumentSample.Accept(set, document);
            Assert.All(set.Documents, before => Assert.True(next.Find(before.Header.Key)!.Header.Revision >= before.Header.Revision));
            if (Forged.Contains(document)) Assert.Equal(DocumentOutcome.Refused, verdict.Outcome);
            if (verdict.Outcome == DocumentOutcome.Refused) Assert.Same(set, next);
            set = next;
        }

        Assert.All(set.Documents, d => Assert.Contains(Signed, s => s.AsSpan().SequenceEqual(d.Envelope)));
        Assert.Equal(12, set.Revision);
    }, iter: Cases);

    [Fact]
    public void Any_byte_changed_is_refused_or_changes_nothing_that_was_signed() => Gen.Select(Gen.Int[0, Signed[0].Length - 1], Gen.Int[1, 255]).Sample((at, by) =>
    {
        var altered = (byte[])Signed[0].Clone();
        altered[at] ^= (byte)by;
        var (set, verdict) = DocumentSample.Accept(DocumentSet.Empty, altered);
        if (verdict.Outcome != DocumentOutcome.Refused) Assert.Equal(Header(Signed[0]), set.Documents[0].Header);
        else Assert.Empty(set.Documents);
    }, iter: 500);

    [Fact]
    public void Merged_sets_are_the_same_from_either_side() => Gen.Shuffle(Signed).Sample(order =>
    {
        var (one, other) = (DocumentSample.Held(order[..6]), DocumentSample.Held(order[6..]));
        var (there, back) = (DocumentSets.Merge(one, other), DocumentSets.Merge(other, one));
        Assert.Equal(there.Documents.Select(d => d.Header), back.Documents.Select(d => d.Header));
        Assert.Equal(DocumentSample.Held(Signed).Documents.Select(d => d.Header), there.Documents.Select(d => d.Header));
    }, iter: Cases);

    private static DocumentHeader Header(byte[] document) => DocumentSample.Held(document).Documents[0].Header;
}
