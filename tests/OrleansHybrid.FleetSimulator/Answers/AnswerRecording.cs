using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Inference.Engine;
using OrleansHybrid.Inference.Repository;

namespace OrleansHybrid.FleetSimulator.Answers;

/// <summary>What a variant answered to one clip.</summary>
/// <param name="Expected">The clip's label.</param>
public readonly record struct RecordedAnswer(string Expected, string Label, double Confidence)
{
    public bool IsRight => Label == Expected;
}

/// <param name="RunMsP95">Of one row on the machine that recorded.</param>
public sealed record VariantRecording(string Variant, IReadOnlyList<RecordedAnswer> Answers, double RunMsP95);

/// <summary>Real answers of real variants to real clips, by the digest of the variant's graph: all that simulated nodes ever answer.</summary>
/// <remarks>A node that serves a graph which is not here answers nothing; an answer is never made up.</remarks>
public sealed class AnswerRecording
{
    private static readonly TimeSpan RunMax = TimeSpan.FromSeconds(30);
    private readonly Dictionary<string, VariantRecording> byGraph = new(StringComparer.Ordinal);

    public static AnswerRecording Empty { get; } = new();

    public IReadOnlyDictionary<string, VariantRecording> ByGraph => byGraph;

    public VariantRecording? Find(string graphDigest) => byGraph.GetValueOrDefault(graphDigest);

    /// <summary>Runs every variant of a version on every clip.</summary>
    /// <param name="models">A model repository: <c>&lt;models&gt;/&lt;model&gt;/&lt;version&gt;</c>.</param>
    /// <exception cref="InvalidOperationException">A variant does not load or run: there is nothing to simulate with.</exception>
    public static async Task<AnswerRecording> MakeAsync(string models, string model, int version, IReadOnlyList<LabelledClip> clips, CancellationToken cancellationToken)
    {
        var recording = new AnswerRecording();
        var folder = Directory.CreateTempSubdirectory("hybrid-recording-").FullName;
        try
        {
            for (int number = 0, variants = 1; number < variants; number++)
            {
                var pool = new TensorPool();
                var chosen = number;
                await using var engine = new OnnxInferenceEngine(new EngineSettings(), pool, TimeProvider.System);
                var repository = new ModelRepository(new RepositorySettings([models], Zone.Cloud, folder) { Choose = (_, all) => Count(all.Count, chosen, out variants) }, engine, OnnxScan.Scan);
                var outcome = await repository.LoadAsync(model, version, cancellationToken);
                if (outcome.Failure is { } failure) throw new InvalidOperationException($"The recording was not made: {failure.Message}");
                var manifest = repository.State.Models[model].Find(version)!.Manifest!;
                var loaded = engine.State.Variants.Values.Single(v => !v.Loaded.Key.IsClassifier);
                recording.byGraph[loaded.Loaded.Digest] = await RecordAsync(engine, pool, manifest, loaded.Loaded, clips, cancellationToken);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return recording;
    }

    private static int Count(int all, int chosen, out int variants)
    {
        variants = all;
        return chosen;
    }

    private static async Task<VariantRecording> RecordAsync(OnnxInferenceEngine engine, TensorPool pool, ModelManifest manifest, LoadedVariant variant, IReadOnlyList<LabelledClip> clips, CancellationToken cancellationToken)
    {
        var (answers, runs) = (new List<RecordedAnswer>(clips.Count), new List<double>(clips.Count));
        foreach (var clip in clips)
        {
            var input = new Tensor(manifest.Inputs[0].Name, TensorDataType.Int16, new TensorShape(1, LabelledClips.Samples), pool.Copy(clip.Audio.Span));
            var outcome = await engine.RunAsync(new EngineRequest(variant.Key, [input], [], RunMax), cancellationToken);
            input.Data.Release();
            if (outcome.Failure is { } failure) throw new InvalidOperationException($"{variant.Key} did not answer: {failure.Message}");
            var said = ConfidenceRules.Judge(manifest, outcome.Outputs);
            foreach (var output in outcome.Outputs) output.Data.Release();
            answers.Add(new RecordedAnswer(clip.Label, said.Label ?? "", said.Confidence ?? 0));
            runs.Add(outcome.Times.Compute.TotalMilliseconds);
        }

        runs.Sort();
        return new VariantRecording(variant.Key.Variant, answers, Math.Round(runs[(int)(0.95 * (runs.Count - 1))], 3));
    }
}
