using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Domain.Models;

/// <summary>What a probe's answer must be. Nothing stated: that there is one.</summary>
/// <param name="Label">The label; null: any.</param>
/// <param name="ConfidenceMin">The least confidence, in [0, 1], by the manifest's rule; null: any.</param>
public sealed record ProbeExpectation(string? Label, double? ConfidenceMin)
{
    public static ProbeExpectation None { get; } = new(null, null);
}

/// <summary>A probe as it was read.</summary>
/// <param name="Inputs">Their leases are the receiver's.</param>
public sealed record ProbeRequest(IReadOnlyList<Tensor> Inputs, ProbeExpectation Expect);

/// <summary>Reads a probe's file: the protocol's inference request with a property <c>expect</c> beside its inputs. Thread-safe.</summary>
public interface IProbeReader
{
    /// <summary>Null when it cannot be read; then <paramref name="error"/> says why.</summary>
    ProbeRequest? Read(ReadOnlyMemory<byte> file, out string error);
}

/// <summary>A labelled request that a version brings along, asked of its variant before it takes the place of what serves.</summary>
/// <param name="Name">Of its file, relative to the version's folder.</param>
/// <param name="File">Its bytes, verified like those of the graph.</param>
/// <param name="Manifest">Reads label and confidence off the answer.</param>
public sealed record VariantProbe(string Name, ReadOnlyMemory<byte> File, IProbeReader Reader, ModelManifest Manifest);

/// <summary>Which files are probes, what they may expect, and whether an answer is what they expect. Pure.</summary>
public static class ProbeRules
{
    public const string Folder = "probes/";

    /// <summary>JSON files right in <see cref="Folder"/>. Whatever else lies there is a file like any other.</summary>
    public static bool IsProbe(string name) =>
        name.StartsWith(Folder, StringComparison.Ordinal) && name.EndsWith(".json", StringComparison.Ordinal) && name.IndexOf('/', Folder.Length) < 0;

    /// <summary>Null, or why no answer of the version could ever be what is expected.</summary>
    public static string? Check(ModelManifest manifest, ProbeExpectation expect)
    {
        if (expect.Label is { } label && !manifest.Outputs.Any(o => o.Labels.Contains(label))) return $"it expects the label {ManifestText.Quote(label)}, which is in none of the version's label files. Correct 'expect', or the labels.";
        return expect.ConfidenceMin is not null && manifest.Confidence is null ? "it expects a confidence, and the manifest has no 'confidence' to read it by. Add that, or take 'confidence_min' out." : null;
    }

    /// <summary>Null when the answer is as expected.</summary>
    public static string? Judge(ModelManifest manifest, ProbeExpectation expect, IReadOnlyList<Tensor> outputs)
    {
        var (label, confidence) = ConfidenceRules.Judge(manifest, outputs);
        if (expect.Label is { } wanted && label != wanted) return $"expected the label {ManifestText.Quote(wanted)}; came {(label is null ? "none" : ManifestText.Quote(label))}";
        if (expect.ConfidenceMin is not { } least || confidence >= least) return null;
        return string.Create(null, $"expected a confidence of {least:0.#########} or more; came {(confidence is { } came ? string.Create(null, $"{came:0.#########}") : "none")}");
    }
}
