using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Inference.Graph;
using OrleansHybrid.Inference.Text;

namespace OrleansHybrid.Inference.Engine;

/// <summary>From bytes to a host that is ready: scan, rules, specification, session, warm-up. Blocks; call it on a thread of its own.</summary>
internal sealed class VariantLoader(EngineSettings settings, TensorPool pool, TimeProvider clock, Action<string>? note)
{
    /// <returns>A host that was not started yet, or why there is none.</returns>
    public (VariantHost? Host, InferenceFailure? Failure) Load(VariantToLoad variant, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        var read = OnnxGraphReader.Read(variant.Onnx);
        if (read.Summary is not { } graph) return Refuse(read.Errors);
        var textsIn = variant.WordPiece is not null;
        var spec = SpecCheck.Check(graph, textsIn ? null : variant.Inputs, variant.Outputs);
        if (Any(GraphRules.Check(graph), spec, textsIn ? TextGraph.Check(graph, variant.Outputs) : [], SessionFactory.CheckFiles(variant, graph)) is { } errors) return Refuse(errors);
        VariantModel model;
        try
        {
            var session = SessionFactory.Create(variant, Threads(variant.Instances), cancellationToken);
            model = new VariantModel(session, (textsIn ? null : variant.Inputs) ?? graph.Inputs, variant.Outputs ?? graph.Outputs, graph.UnknownRank);
        }
        catch (Exception error)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return Refuse([RunErrors.OfLoad(error)]);
        }

        try
        {
            return Warm(variant, model, began, cancellationToken);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private (VariantHost?, InferenceFailure?) Warm(VariantToLoad variant, VariantModel model, long began, CancellationToken cancellationToken)
    {
        var loadTime = clock.GetElapsedTime(began);
        var warm = clock.GetTimestamp();
        var (text, error) = variant.WordPiece is { } step ? WarmWithTexts(step, model, cancellationToken) : (null, WarmWithZeros(variant, model, cancellationToken));
        if (error is not null)
        {
            model.Dispose();
            return Refuse([error]);
        }

        cancellationToken.ThrowIfCancellationRequested();
        var inputs = text is null ? model.Inputs : variant.Inputs!;
        var loaded = new LoadedVariant(variant.Key, variant.Digest, inputs, model.Outputs, loadTime, clock.GetElapsedTime(warm));
        return (new VariantHost(loaded, model, variant.Batching, Instances(variant.Instances), settings, pool, clock, text), null);
    }

    private string? WarmWithZeros(VariantToLoad variant, VariantModel model, CancellationToken cancellationToken) =>
        settings.WarmUp ? new WarmUp(model, pool, Note(variant.Key)).Run(variant.Batching, cancellationToken) : null;

    private (TextStep?, string?) WarmWithTexts(WordPieceToLoad step, VariantModel model, CancellationToken cancellationToken)
    {
        WordPieceTokenizer tokenizer;
        try
        {
            tokenizer = WordPieceTokenizer.Create(step.Vocabulary, step.Settings.LowerCase, step.Settings.MaxTokens);
        }
        catch (ArgumentException refused)
        {
            return (null, $"The vocabulary cannot be used: {refused.Message}");
        }

        var text = new TextStep(tokenizer, model.Inputs, pool);
        return (text, settings.WarmUp ? new TextWarmUp(model, tokenizer, text).Run(cancellationToken) : null);
    }

    private Action<string>? Note(VariantKey key) => note is null ? null : text => note($"{key}: {text}");

    private int Instances(InstanceSettings wanted) => Math.Clamp(wanted.Count > 0 ? wanted.Count : settings.DefaultInstances, 1, Limits.InstancesPerVariantMax);

    private int Threads(InstanceSettings wanted) => Math.Clamp(wanted.IntraOpThreads > 0 ? wanted.IntraOpThreads : settings.DefaultIntraOpThreads, 1, Limits.IntraOpThreadsMax);

    private static IReadOnlyList<string>? Any(params IReadOnlyList<string>[] lists)
    {
        var all = lists.SelectMany(l => l).ToList();
        return all.Count == 0 ? null : all;
    }

    private static (VariantHost?, InferenceFailure?) Refuse(IReadOnlyList<string> errors) =>
        (null, new InferenceFailure(FailureCode.ModelFailed, string.Join('\n', errors)));
}
