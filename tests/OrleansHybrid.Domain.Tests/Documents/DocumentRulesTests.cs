using OrleansHybrid.Domain.Documents;
using Xunit;

namespace OrleansHybrid.Domain.Tests.Documents;

public sealed class DocumentRulesTests
{
    [Fact]
    public void Content_reads_back_as_it_was_written()
    {
        var entry = DocumentSample.Entry("keyword", 1, 3) with { Policy = new CataloguePolicy(Domain.Models.VersionPolicyKind.Specific, 1, [1]) };
        entry = CatalogueRules.Block(entry, "keyword", 3, "It hears \"no\" as \"go\".").Entry!;
        var set = DocumentSample.Held(DocumentSample.Document(7, entry: entry));

        var read = set.Documents[0].Content()!;

        Assert.Equal(DocumentSample.Header(7), read.Header);
        Assert.Equal(DocumentWriter.Body(entry), DocumentWriter.Body(read.Catalogue!));
        Assert.Equal("It hears \"no\" as \"go\".", Assert.Single(set.Catalogue()).Find(3)!.Blocked);
    }

    [Fact]
    public void Removed_document_keeps_its_place_so_that_an_older_one_stays_away()
    {
        var removed = DocumentSample.Sign(DocumentSample.DocumentKey, DocumentWriter.PayloadType, DocumentWriter.Write(DocumentSample.Header(6), null));
        var held = DocumentSample.Held(DocumentSample.Document(5), removed);

        Assert.True(held.Find(DocumentKey.Catalogue("keyword"))!.Content()!.Removed);
        Assert.Empty(held.Catalogue());
        Assert.Equal(Domain.Bundles.BundleRefusal.OldRevision, DocumentSample.Accept(held, DocumentSample.Document(5)).Verdict.Problem?.Refusal);
        Assert.Empty(DocumentAlarms.Of(held, DocumentSample.Now.AddDays(90)));
    }

    [Fact]
    public void Same_content_signed_again_changes_nothing()
    {
        var held = DocumentSample.Held(DocumentSample.Document(5));

        var (set, verdict) = DocumentSample.Accept(held, DocumentSample.Document(5));

        Assert.Equal(DocumentOutcome.Same, verdict.Outcome);
        Assert.Same(held, set);
    }

    [Fact]
    public void Expired_document_holds_and_is_told_as_stale()
    {
        var (set, verdict) = DocumentSample.Accept(DocumentSample.Held(DocumentSample.Document(4)), DocumentSample.Document(5, days: -3));

        Assert.Equal((DocumentOutcome.Accepted, true), (verdict.Outcome, verdict.Stale));
        var alarm = Assert.Single(DocumentAlarms.Of(set, DocumentSample.Now));
        Assert.Equal((DocumentFreshness.Expired, 5, TimeSpan.FromDays(-3), TimeSpan.FromDays(33)), (alarm.Freshness, alarm.Header.Revision, alarm.Left, alarm.Age));
    }

    [Theory]
    [InlineData(11, null)]
    [InlineData(10, DocumentFreshness.ExpiresSoon)]
    [InlineData(1, DocumentFreshness.ExpiresSoon)]
    [InlineData(0, DocumentFreshness.Expired)]
    public void Alarm_is_raised_before_the_end_and_after_it(int days, DocumentFreshness? freshness) =>
        Assert.Equal(freshness, DocumentAlarms.Of(DocumentSample.Held(DocumentSample.Document(5, days: days)), DocumentSample.Now).SingleOrDefault()?.Freshness);

    [Fact]
    public void Endorsement_that_is_over_admits_nothing_new_and_what_was_accepted_is_read_back()
    {
        var over = DocumentSample.Endorse(DocumentSample.Publisher, DocumentSample.DocumentKey, DocumentSample.Farm, days: -1);

        var arrived = DocumentRules.Accept(DocumentSet.Empty, DocumentSample.Trust, DocumentSample.Document(5), [over], DocumentSample.Now);
        var kept = DocumentRules.Accept(DocumentSet.Empty, DocumentSample.Trust, DocumentSample.Document(5), [over], DocumentSample.Now, kept: true);

        Assert.Equal(Domain.Bundles.BundleRefusal.NotEndorsed, arrived.Verdict.Problem?.Refusal);
        Assert.Equal(DocumentOutcome.Accepted, kept.Verdict.Outcome);
    }

    [Fact]
    public void Since_a_revision_are_all_above_it()
    {
        var set = DocumentSample.Held(DocumentSample.Document(2, "a"), DocumentSample.Document(5, "b"), DocumentSample.Document(9, "c"));

        Assert.Equal([5, 9], set.Since(2).Documents.Select(d => d.Header.Revision));
        Assert.Equal(9, set.Since(9).Revision);
        Assert.Empty(set.Since(9).Documents);
    }

    [Fact]
    public void Document_above_the_bound_of_places_is_refused()
    {
        var one = DocumentSample.Held(DocumentSample.Document(1));
        var many = one with { Documents = [.. Enumerable.Range(1, Limits.DocumentsMax).Select(i => one.Documents[0] with { Header = DocumentSample.Header(i, $"m{i}") })] };

        Assert.Equal(Domain.Bundles.BundleRefusal.TooLarge, DocumentSample.Accept(many, DocumentSample.Document(9999, "new")).Verdict.Problem?.Refusal);
        Assert.Equal(DocumentOutcome.Accepted, DocumentSample.Accept(many, DocumentSample.Document(9999, "m1")).Verdict.Outcome);
    }
}
