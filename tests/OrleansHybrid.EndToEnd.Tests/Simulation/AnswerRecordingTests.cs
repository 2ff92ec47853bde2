using System.Runtime.InteropServices;
using Microsoft.Extensions.Time.Testing;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.EndToEnd.Tests.Harness;
using OrleansHybrid.FleetSimulator.Answers;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Simulation;

/// <summary>A simulated node answers what a real variant answered to a real clip, and nothing else.</summary>
public sealed class AnswerRecordingTests
{
    private static readonly string Version = Path.Combine(RepositoryRoot.SampleModels, Clips.Model, "1");
    private static readonly IReadOnlyList<LabelledClip> Spoken = [.. LabelledClips.Read(Path.Combine(RepositoryRoot.SampleModels, "clips")).Take(30)];

    [Fact]
    public async Task Recording_holds_what_each_variant_says_when_it_is_run_without_us()
    {
        var recording = await RecordAsync();

        foreach (var variant in new[] { "tiny-int8", "tiny-fp32", "large" })
        {
            var file = Path.Combine(Version, variant + ".onnx");
            var recorded = recording.Find(BundleDigests.Of(await File.ReadAllBytesAsync(file)));
            Assert.Equal(variant, recorded?.Variant);
            Assert.Equal(RunBare(file), recorded!.Answers.Select(a => a.Label));
            Assert.Equal(Spoken.Select(c => c.Label), recorded.Answers.Select(a => a.Expected));
            Assert.InRange(recorded.RunMsP95, double.Epsilon, double.MaxValue);
        }

        Assert.Equal(3, recording.ByGraph.Count);
    }

    [Fact]
    public async Task Node_answers_from_the_recording_of_the_graph_that_serves_at_the_callers_rate()
    {
        var recording = await RecordAsync();
        var (digest, variant) = recording.ByGraph.First();
        var clock = new FakeTimeProvider();
        var answers = new NodeAnswers(recording, perMinute: 60, new Random(1), clock);

        answers.Catch(digest);
        Assert.Equal(0, answers.Count);
        clock.Advance(TimeSpan.FromMinutes(5));
        answers.Catch(digest);

        Assert.Equal((300, 300), (answers.Count, answers.ByLabel.Values.Sum()));
        Assert.Subset(variant.Answers.Select(a => a.Label).ToHashSet(), answers.ByLabel.Keys.ToHashSet());
        Assert.InRange(answers.MeanConfidence, variant.Answers.Min(a => a.Confidence), variant.Answers.Max(a => a.Confidence));
    }

    [Fact]
    public async Task Node_that_serves_nothing_or_what_was_not_recorded_answers_nothing()
    {
        var clock = new FakeTimeProvider();
        var answers = new NodeAnswers(await RecordAsync(), perMinute: 60, new Random(1), clock);

        foreach (var graph in new[] { null, "sha256:" + new string('0', 64) })
        {
            clock.Advance(TimeSpan.FromMinutes(5));
            answers.Catch(graph);
        }

        Assert.Equal(0, answers.Count);
    }

    private static Task<AnswerRecording> RecordAsync() => AnswerRecording.MakeAsync(RepositoryRoot.SampleModels, Clips.Model, 1, Spoken, CancellationToken.None);

    /// <summary>ONNX Runtime alone: the label of the highest probability.</summary>
    private static IEnumerable<string> RunBare(string file)
    {
        var labels = File.ReadAllLines(Path.Combine(Version, "labels.txt"));
        using var session = new InferenceSession(file);
        foreach (var clip in Spoken)
        {
            var audio = new DenseTensor<short>(MemoryMarshal.Cast<byte, short>(clip.Audio.Span).ToArray(), [1, LabelledClips.Samples]);
            using var results = session.Run([NamedOnnxValue.CreateFromTensor(session.InputNames[0], audio)], ["probabilities"]);
            float[] said = [.. results[0].AsEnumerable<float>()];
            yield return labels[Array.IndexOf(said, said.Max())];
        }
    }
}
