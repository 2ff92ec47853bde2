using OrleansHybrid.Domain.Documents;
using OrleansHybrid.Domain.Models;
using Xunit;

namespace OrleansHybrid.Domain.Tests.Documents;

public sealed class CatalogueRulesTests
{
    private static readonly CatalogueEntry Entry = DocumentSample.Entry("keyword", 1, 2, 3);

    [Fact]
    public void First_version_makes_the_entry_and_the_newest_is_desired()
    {
        var first = CatalogueRules.AddVersion(null, "keyword", DocumentSample.Version(2));
        var second = CatalogueRules.AddVersion(first.Entry, "keyword", DocumentSample.Version(1));

        Assert.Equal((CatalogueVerdict.Changed, CatalogueVerdict.Changed), (first.Verdict, second.Verdict));
        Assert.Equal([1, 2], second.Entry!.Versions.Select(v => v.Version));
        Assert.Equal([2], CatalogueRules.Desired(second.Entry).Select(v => v.Version));
    }

    [Fact]
    public void Version_never_changes_its_content()
    {
        Assert.Equal(CatalogueVerdict.Same, CatalogueRules.AddVersion(Entry, "keyword", DocumentSample.Version(2)).Verdict);
        var other = CatalogueRules.AddVersion(Entry, "keyword", DocumentSample.Version(2, "other"));
        Assert.Equal(CatalogueVerdict.Conflict, other.Verdict);
        Assert.Same(Entry, other.Entry);
        Assert.Contains("the number 4", other.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Blocked_version_leaves_the_choice_until_it_is_unblocked()
    {
        var blocked = CatalogueRules.Block(Entry, "keyword", 3, " It drifts. ").Entry!;

        Assert.Equal([2], CatalogueRules.Desired(blocked).Select(v => v.Version));
        Assert.Equal("It drifts.", blocked.Find(3)!.Blocked);
        Assert.Equal(CatalogueVerdict.Same, CatalogueRules.Block(blocked, "keyword", 3, "It drifts.").Verdict);
        Assert.Equal([3], CatalogueRules.Desired(CatalogueRules.Unblock(blocked, "keyword", 3).Entry!).Select(v => v.Version));
        Assert.Equal(CatalogueVerdict.Invalid, CatalogueRules.Block(Entry, "keyword", 3, " ").Verdict);
        Assert.Equal(CatalogueVerdict.NotFound, CatalogueRules.Block(Entry, "keyword", 9, "It drifts.").Verdict);
    }

    [Fact]
    public void Policy_names_versions_that_are_there_and_may_run()
    {
        var blocked = CatalogueRules.Block(Entry, "keyword", 3, "It drifts.").Entry!;

        Assert.Equal([1, 2], CatalogueRules.Desired(CatalogueRules.SetPolicy(Entry, "keyword", Specific(2, 1, 2)).Entry!).Select(v => v.Version));
        Assert.Equal([2, 3], CatalogueRules.Desired(CatalogueRules.SetPolicy(Entry, "keyword", new CataloguePolicy(VersionPolicyKind.Latest, 2, [])).Entry!).Select(v => v.Version));
        Assert.Equal(CatalogueVerdict.Same, CatalogueRules.SetPolicy(Entry, "keyword", CataloguePolicy.Newest).Verdict);
        Assert.Equal(CatalogueVerdict.Invalid, CatalogueRules.SetPolicy(Entry, "keyword", Specific(9)).Verdict);
        Assert.Equal(CatalogueVerdict.Invalid, CatalogueRules.SetPolicy(Entry, "keyword", Specific()).Verdict);
        Assert.Equal(CatalogueVerdict.Invalid, CatalogueRules.SetPolicy(blocked, "keyword", Specific(3)).Verdict);
        Assert.Equal(CatalogueVerdict.Invalid, CatalogueRules.SetPolicy(Entry, "keyword", new CataloguePolicy(VersionPolicyKind.Latest, 0, [])).Verdict);
        Assert.Equal(CatalogueVerdict.NotFound, CatalogueRules.SetPolicy(null, "keyword", CataloguePolicy.Newest).Verdict);
    }

    [Fact]
    public void Version_above_the_bound_is_refused() =>
        Assert.Equal(CatalogueVerdict.TooMany, CatalogueRules.AddVersion(DocumentSample.Entry("keyword", [.. Enumerable.Range(1, Limits.VersionsPerModelMax)]), "keyword", DocumentSample.Version(500)).Verdict);

    private static CataloguePolicy Specific(params int[] versions) => new(VersionPolicyKind.Specific, 1, versions);
}
