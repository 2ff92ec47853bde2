using System.Text.Json;
using OrleansHybrid.EndToEnd.Tests.Harness;
using Xunit;
using Xunit.Abstractions;

namespace OrleansHybrid.EndToEnd.Tests.Models;

/// <summary>What the farm answers on clips with a new seed falls in the intervals that the sample models state for each zone.</summary>
[Collection(OneProcess.Name)]
public sealed class FreshClipsTests(OneProcessFarm fixture, ITestOutputHelper output)
{
    private const int ClipsEach = 300;
    private const string EdgeVariant = "tiny-int8";
    private const string CloudVariant = "large";

    /// <summary>What the pipeline measured of the version.</summary>
    private static readonly JsonElement Stated = JsonDocument.Parse(File.ReadAllText(Path.Combine(RepositoryRoot.SampleModels, "expected.json")))
        .RootElement.GetProperty("families").GetProperty(Clips.Model).GetProperty("1");

    [SkippableFact]
    public async Task Accuracy_and_routes_are_as_stated()
    {
        Skip.IfNot(FreshClips.CanBeMade, "espeak-ng or python3 is not installed");
        var seed = Environment.TickCount & 0xFFFFFF;
        output.WriteLine($"seed {seed}");
        var clips = await FreshClips.MakeAsync(seed, ClipsEach);
        await fixture.Farm.WaitForLinksAsync();

        foreach (var condition in new[] { "easy", "hard" })
        {
            var these = clips.All.Where(c => c.Condition == condition).ToList();
            Assert.Equal(ClipsEach, these.Count);
            var edge = await AskAsync(these, "ONLY_EDGE");
            var cloud = await AskAsync(these, "ONLY_IN_CLOUD");
            var routed = await AskAsync(these, "AUTO");

            Assert.All(edge, a => Assert.Equal(("edge", EdgeVariant), (a.Answer.Zone, a.Answer.Variant)));
            Assert.All(cloud, a => Assert.Equal(("cloud", CloudVariant), (a.Answer.Zone, a.Answer.Variant)));
            AssertStated("variants", EdgeVariant, condition, "accuracy", edge.Count(IsRight));
            AssertStated("variants", EdgeVariant, condition, "escalation", edge.Count(a => a.Answer.Confidence < Stated.GetProperty("floor").GetDouble()));
            AssertStated("variants", CloudVariant, condition, "accuracy", cloud.Count(IsRight));
            AssertStated("classifier", null, condition, "sent", routed.Count(a => a.Answer.Reason.EndsWith("cloud=chosen:hard", StringComparison.Ordinal)));
            AssertStated("classifier", null, condition, "escalated", routed.Count(a => a.Answer.Escalated));
            AssertStated("classifier", null, condition, "accuracy", routed.Count(IsRight));
        }
    }

    private static bool IsRight((FreshClip Clip, Answer Answer) asked) => asked.Clip.Label == asked.Answer.Label;

    private async Task<List<(FreshClip Clip, Answer Answer)>> AskAsync(IReadOnlyList<FreshClip> clips, string mode)
    {
        var asked = new List<(FreshClip, Answer)>();
        foreach (var clip in clips)
        {
            var answer = await fixture.Farm.Http.InferRawAsync(fixture.Farm.EuWest, clip.Audio, headers: ("hybrid-mode", mode));
            Assert.True(answer.Ok, answer.Text);
            asked.Add((clip, answer));
        }

        return asked;
    }

    private void AssertStated(string part, string? variant, string condition, string figure, int count)
    {
        var place = Stated.GetProperty(part);
        if (variant is not null) place = place.GetProperty(variant);
        var interval = place.GetProperty(condition).GetProperty(figure);
        var share = (double)count / ClipsEach;
        output.WriteLine($"{part} {variant} {condition} {figure}: {share:P1}, stated {interval.GetRawText()}");
        Assert.InRange(share, interval.GetProperty("low").GetDouble(), interval.GetProperty("high").GetDouble());
    }
}
