using OrleansHybrid.EndToEnd.Tests.Harness;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Tamper;

/// <summary>The table itself: enough kinds, each with a reason of its own, and the page that tells them.</summary>
public sealed class TamperPageTests
{
    private static readonly Dictionary<TamperPlace, string> Places = new()
    {
        [TamperPlace.Push] = "a push to the farm's authority", [TamperPlace.Document] = "a document from the cell above", [TamperPlace.Transfer] = "a file from the cell above",
        [TamperPlace.Node] = "a file on its way to a box", [TamperPlace.NodeDocument] = "a document on its way to a box",
        [TamperPlace.NodeDisk] = "a box's data folder, at a start", [TamperPlace.Disk] = "the data folder, at a start",
    };

    [Fact]
    public void Each_kind_has_a_reason_of_its_own()
    {
        Assert.True(TamperTable.All.Count >= 40);
        Assert.Equal(TamperTable.All.Count, TamperTable.All.Select(k => k.Name).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(TamperTable.All.Count, TamperTable.All.Select(k => (k.Place, k.Refusal, k.Says)).Distinct().Count());
        Assert.True(TamperTable.All.Select(k => (k.Refusal, k.Says)).Distinct().Count() >= 40);
    }

    [Fact]
    public void Page_lists_every_kind_that_is_tried() => ReferencePage.AssertHolds(
        "refusals.md",
        "refusals",
        [
            "| what was done | found in | code | the sentence says | what to do |",
            "|---|---|---|---|---|",
            .. TamperTable.All.Select(k => $"| {k.Name.Replace('-', ' ')} | {Places[k.Place]} | `{k.Refusal}` | {k.Says} | {k.Do} |"),
        ]);
}
