using CsCheck;
using OrleansHybrid.Domain.Routing;
using Xunit;

namespace OrleansHybrid.Domain.Tests.Routing;

public class PolicyStoreRulesTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;

    [Fact]
    public void First_policy_is_accepted_whatever_its_revision()
    {
        var (store, receipt) = Accept(PolicyStore.Empty, Document(42));
        Assert.Equal((PolicyVerdict.Accepted, 42, 42), (receipt.Verdict, receipt.Current, store.Current!.Revision));
    }

    [Fact]
    public void Lower_revision_is_refused_and_told_which_one_to_take()
    {
        var (store, receipt) = Accept(StoreOf(7), Document(6));
        Assert.Equal((PolicyVerdict.RevisionRefused, 7, 7), (receipt.Verdict, receipt.Current, store.Current!.Revision));
        Assert.Equal("revision: expected a revision above the last accepted one, 7; came 6. Give it revision 8.", receipt.Error!.ToString());
    }

    [Fact]
    public void Same_revision_of_the_same_text_changes_nothing()
    {
        var before = StoreOf(7);
        var (store, receipt) = Accept(before, Document(7));
        Assert.Same(before, store);
        Assert.Equal((PolicyVerdict.Same, false), (receipt.Verdict, receipt.Refused));
    }

    [Fact]
    public void Same_revision_of_another_text_is_refused()
    {
        var (_, receipt) = Accept(StoreOf(7), Document(7) with { Digest = "sha256:other" });
        Assert.True(receipt.Refused);
        Assert.Contains("7 with another text", receipt.Error!.Came, StringComparison.Ordinal);
        Assert.Equal("Give it revision 8", receipt.Error.Remedy);
    }

    [Fact]
    public void Policy_that_was_current_once_is_no_mistake_and_changes_nothing()
    {
        var (store, receipt) = Accept(StoreOf(6, 7), Document(6));
        Assert.Equal((PolicyVerdict.Superseded, false, 7), (receipt.Verdict, receipt.Refused, store.Current!.Revision));
    }

    [Fact]
    public void Another_name_needs_to_be_meant()
    {
        var other = Document(8) with { Name = "other" };
        Assert.Equal(PolicyVerdict.NameRefused, Accept(StoreOf(7), other).Receipt.Verdict);
        Assert.Equal(PolicyVerdict.Accepted, PolicyStoreRules.Accept(StoreOf(7), new PolicyOffer(other, Rename: true)).Receipt.Verdict);
    }

    [Theory]
    [InlineData(7, PolicyVerdict.Accepted)]
    [InlineData(6, PolicyVerdict.ConflictRefused)]
    [InlineData(0, PolicyVerdict.ConflictRefused)]
    public void Change_of_another_revision_than_the_current_one_is_refused(long expected, PolicyVerdict verdict) =>
        Assert.Equal(verdict, PolicyStoreRules.Accept(StoreOf(7), new PolicyOffer(Document(8), ExpectedRevision: expected)).Receipt.Verdict);

    [Fact]
    public void Dry_run_says_what_would_happen_and_keeps_nothing()
    {
        var before = StoreOf(7);
        var (store, receipt) = PolicyStoreRules.Accept(before, new PolicyOffer(Document(8), DryRun: true));
        Assert.Same(before, store);
        Assert.Equal(PolicyVerdict.Accepted, receipt.Verdict);
    }

    [Fact]
    public void Oldest_revisions_are_dropped_and_the_current_one_never()
    {
        var store = PolicyStore.Empty;
        for (var revision = 1; revision <= Limits.PolicyRevisionsMax + 5; revision++) store = Accept(store, Document(revision)).Store;
        Assert.Equal((Limits.PolicyRevisionsMax, 6, Limits.PolicyRevisionsMax + 5), (store.Documents.Count, store.Documents[0].Revision, store.Current!.Revision));

        var large = Document(1000) with { Text = new string('x', (int)Limits.PolicyStoreCharsMax + 1) };
        Assert.Equal(1000, Assert.Single(Accept(store, large).Store.Documents).Revision);
    }

    [Fact]
    public void Head_comes_with_the_text_only_for_those_who_lack_it()
    {
        var store = StoreOf(6, 7);
        Assert.Null(store.HeadFor(7, "sha256:7").Document);
        Assert.Null(store.HeadFor(9, "sha256:9").Document);
        Assert.Equal(7, store.HeadFor(6, "sha256:6").Document!.Revision);
        Assert.Equal(7, store.HeadFor(7, "sha256:other").Document!.Revision);
        Assert.Equal(0, PolicyStore.Empty.HeadFor(3, "sha256:3").Revision);
    }

    [Fact]
    public void Current_revision_never_falls_whatever_is_offered() => Gen.Select(Gen.Long[1, 20], Gen.Int[0, 2], Gen.Bool, Gen.Long[0, 20].Nullable()).Array[0, 60].Sample(offers =>
    {
        var store = PolicyStore.Empty;
        foreach (var (revision, text, rename, expected) in offers)
        {
            var before = store.Current?.Revision ?? 0;
            var document = Document(revision) with { Digest = $"sha256:{revision}-{text}", Name = text == 2 ? "other" : "farm" };
            (store, var receipt) = PolicyStoreRules.Accept(store, new PolicyOffer(document, rename, expected));
            var now = store.Current?.Revision ?? 0;
            Assert.True(now >= before);
            Assert.Equal(now, receipt.Verdict == PolicyVerdict.Accepted ? revision : before);
            Assert.Equal(store.Documents.Select(d => d.Revision).Distinct().Order(), store.Documents.Select(d => d.Revision));
        }
    });

    private static (PolicyStore Store, PolicyReceipt Receipt) Accept(PolicyStore store, PolicyDocument document) => PolicyStoreRules.Accept(store, new PolicyOffer(document));

    private static PolicyStore StoreOf(params long[] revisions) => new([.. revisions.Select(Document)]);

    private static PolicyDocument Document(long revision) => new("farm", revision, $"revision: {revision}", $"sha256:{revision}", Now, "tests");
}
