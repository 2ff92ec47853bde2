using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Routing.Fit;
using OrleansHybrid.Yaml.Routing;
using Xunit;

namespace OrleansHybrid.Grains.Tests.Routing.Fit;

/// <summary>The four worked features: their placements are those of good practice, and their worksheets the committed ones.</summary>
public class FitExampleTests
{
    [Theory]
    [InlineData("wake-word", "device", new[] { "edge", "cloud" }, new[] { "privacy", "offline" })]
    [InlineData("triage-note", "edge", new[] { "device" }, new[] { "latency" })]
    [InlineData("triage-note", "edge", new[] { "cloud" }, new[] { "privacy", "policy", "third_party" })]
    [InlineData("search-embedding", "edge", new[] { "device" }, new[] { "memory" })]
    [InlineData("fraud-score", "cloud", new[] { "device", "edge" }, new[] { "updates" })]
    public void Feature_is_placed_as_practice_says(string name, string placement, string[] removed, string[] by)
    {
        var sheet = FitExample.Read(name).Compute();

        Assert.Equal(placement, sheet.Verdict.Placement);
        foreach (var zone in removed.Select(Zone)) Assert.Empty(by.Except(sheet.Matrix.Against(zone).Select(r => r.Id)));
    }

    [Fact]
    public void Embedding_of_90_MiB_leaves_a_device_with_64_for_the_edge_and_falls_back_to_the_cloud()
    {
        var sheet = FitExample.Read("search-embedding").Compute();

        var memory = sheet.Matrix.Row("memory").Device;
        Assert.Equal((FitMark.No, 90, 64, FigureSource.Declared | FigureSource.Answered), (memory.Mark, memory.Number, memory.Threshold, memory.Source));
        Assert.Equal(Domain.Zone.Edge, sheet.Verdict.First);
        Assert.Equal([Domain.Zone.Cloud], sheet.Verdict.Fallback);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_number_has_a_source(string name)
    {
        foreach (var row in FitExample.Read(name).Compute().Matrix.Rows)
        {
            foreach (var cell in new[] { row.Device, row.Edge, row.Cloud })
            {
                Assert.True(cell.Number is null || cell.Source != FigureSource.None, $"{row.Id} has the number {cell.Number} from nowhere");
                Assert.True(cell.Mark != FitMark.No || cell.Number is not null || cell.Why.Length > 0, $"{row.Id} says no without a reason");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Draft_compiles_from_its_text_and_routes_as_the_verdict_says(string name)
    {
        var sheet = FitExample.Read(name).Compute();
        var reading = PolicyReader.Read(System.Text.Encoding.UTF8.GetBytes(PolicyWriter.Write(sheet.Draft!.Policy)), "draft.yaml");
        Assert.Empty(reading.Lines);

        var plan = FitExample.Plan(sheet, reading.Policy!, sheet.Verdict.EntersIn!.Value);

        Assert.Equal(sheet.Verdict.First, plan.Attempt(0).Candidate.Zone);
        for (var i = 0; i < plan.AttemptCount; i++) Assert.True(sheet.Matrix.Keeps(plan.Attempt(i).Candidate.Zone));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Draft_keeps_what_was_in_force(string name)
    {
        var example = FitExample.Read(name);
        var draft = example.Compute().Draft!.Policy;

        Assert.Equal(example.Policy.Revision + 1, draft.Revision);
        Assert.Equal((example.Policy.Prices, example.Policy.Quotas, example.Policy.PrivateTags, example.Policy.Defaults), (draft.Prices, draft.Quotas, draft.PrivateTags, draft.Defaults));
        Assert.Equal(example.Policy.Rules, draft.Rules.Skip(draft.Rules.Count - example.Policy.Rules.Count));
        Assert.All(draft.Rules.SkipLast(example.Policy.Rules.Count), r => Assert.Equal((example.Answers.Owner, example.Answers.Model), (r.Owner, r.When.Model)));
    }

    /// <summary>With REGENERATE=1 the file is rewritten: look at the difference before you commit it.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Committed_worksheet_is_the_computed_one(string name)
    {
        var sheet = FitExample.Read(name).Compute();
        var text = FitMarkdown.Write(sheet, sheet.Draft is null ? "" : PolicyWriter.Write(sheet.Draft.Policy));
        var file = Path.Combine(FitExample.Folder, name + ".md");

        if (Environment.GetEnvironmentVariable("REGENERATE") == "1") File.WriteAllText(file, text);
        else Assert.Equal(File.ReadAllText(file), text);
    }

    public static TheoryData<string> Names => new("wake-word", "triage-note", "search-embedding", "fraud-score");

    private static Zone Zone(string name) => Zones.TryParse(name, out var zone) ? zone : throw new ArgumentException(name);
}
