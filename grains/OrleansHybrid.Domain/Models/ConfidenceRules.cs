using System.Numerics;
using System.Runtime.InteropServices;
using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Domain.Models;

/// <summary>Reads label and confidence off an answer, by its version's manifest. Pure and without allocation; used for answers from here and from any upstream.</summary>
/// <remarks>
/// Rules kept here:
/// <list type="bullet">
/// <item>Rows are every dimension but the last; classes are the last. The confidence of an answer is the lowest of its rows, its label the first row's.</item>
/// <item>Bad data never looks sure: NaN, a value that is no probability, a wrong type or length, and no rows at all each give 0.</item>
/// <item>A probability may miss [0, 1] by <see cref="Tolerance"/> (half precision and quantised softmax do) and is clamped. Entropy is taken over the row divided by its sum.</item>
/// </list>
/// The caller compares with the floor that is in force: <see cref="ConfidenceRule.Floor"/>, the request's or a rule's.
/// </remarks>
public static class ConfidenceRules
{
    /// <summary>How far outside [0, 1] a value still counts as a probability. Logits go far beyond.</summary>
    public const double Tolerance = 0.01;

    /// <summary>Types that hold probabilities.</summary>
    public static bool CanHoldProbabilities(TensorDataType type) => type is TensorDataType.Fp16 or TensorDataType.Fp32 or TensorDataType.Fp64;

    public static Judgement Judge(ModelManifest manifest, IReadOnlyList<Tensor> outputs) =>
        new(Label(manifest, outputs), Confidence(manifest.Confidence, outputs));

    private static double? Confidence(ConfidenceRule? rule, IReadOnlyList<Tensor> outputs)
    {
        if (rule is null || Find(outputs, rule.Output) is not { } tensor) return null;
        return tensor.DataType switch
        {
            TensorDataType.Fp32 => LowestRow<float>(tensor, rule.Kind),
            TensorDataType.Fp64 => LowestRow<double>(tensor, rule.Kind),
            TensorDataType.Fp16 => LowestRow<Half>(tensor, rule.Kind),
            _ => 0,
        };
    }

    private static double LowestRow<T>(Tensor tensor, ConfidenceRuleKind kind) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (!TryRead<T>(tensor, out var values, out var classes)) return 0;
        var width = kind == ConfidenceRuleKind.Named ? 1 : classes;
        var lowest = 1.0;
        for (var start = 0; start < values.Length; start += width)
        {
            lowest = Math.Min(lowest, OfRow(values.Slice(start, width), kind));
        }

        return lowest;
    }

    private static double OfRow<T>(ReadOnlySpan<T> row, ConfidenceRuleKind kind) where T : unmanaged, IFloatingPointIeee754<T>
    {
        double largest = 0, second = 0, sum = 0, sumOfPLnP = 0;
        foreach (var value in row)
        {
            var p = double.CreateSaturating(value);
            if (!(p >= -Tolerance && p <= 1 + Tolerance)) return 0; // NaN fails both comparisons.
            p = Math.Clamp(p, 0, 1);
            if (p > largest) (largest, second) = (p, largest);
            else if (p > second) second = p;
            if (kind != ConfidenceRuleKind.Entropy || p == 0) continue;
            sum += p;
            sumOfPLnP += p * Math.Log(p);
        }

        return kind switch
        {
            ConfidenceRuleKind.Margin => largest - second,
            ConfidenceRuleKind.Entropy => OneLessEntropy(row.Length, sum, sumOfPLnP),
            _ => largest,
        };
    }

    /// <summary>1 − H(p / s) / ln(classes), with H(p / s) = ln s − Σ p ln p / s. One class, or nothing in any, tells nothing: 0.</summary>
    private static double OneLessEntropy(int classes, double sum, double sumOfPLnP)
    {
        if (classes < 2 || sum == 0) return 0;
        var entropy = Math.Log(sum) - (sumOfPLnP / sum);
        return Math.Clamp(1 - (entropy / Math.Log(classes)), 0, 1);
    }

    /// <summary>The label by the rule's own output when that has labels, else by the first output that has.</summary>
    private static string? Label(ModelManifest manifest, IReadOnlyList<Tensor> outputs)
    {
        var spec = FindLabelled(manifest.Outputs, manifest.Confidence?.Output) ?? FindLabelled(manifest.Outputs, null);
        if (spec is null || Find(outputs, spec.Name) is not { } tensor) return null;
        var best = tensor.DataType switch
        {
            TensorDataType.Fp32 => LargestOfFirstRow<float>(tensor),
            TensorDataType.Fp64 => LargestOfFirstRow<double>(tensor),
            TensorDataType.Fp16 => LargestOfFirstRow<Half>(tensor),
            _ => -1,
        };
        return best >= 0 && best < spec.Labels.Count ? spec.Labels[best] : null;
    }

    /// <summary>The index of the largest, the first of equals; -1 when there is none. NaN is never the largest.</summary>
    private static int LargestOfFirstRow<T>(Tensor tensor) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var best = -1;
        if (!TryRead<T>(tensor, out var values, out var classes)) return best;
        for (var i = 0; i < classes; i++)
        {
            if (!T.IsNaN(values[i]) && (best < 0 || values[i] > values[best])) best = i;
        }

        return best;
    }

    /// <summary>The values, when the bytes are as many as the shape says and there is at least one row of at least one class. A scalar is one row of one.</summary>
    private static bool TryRead<T>(Tensor tensor, out ReadOnlySpan<T> values, out int classes) where T : unmanaged
    {
        values = MemoryMarshal.Cast<byte, T>(tensor.Data.Span);
        classes = tensor.Shape.Rank == 0 ? 1 : (int)Math.Clamp(tensor.Shape[tensor.Shape.Rank - 1], 0, int.MaxValue);
        return classes > 0 && values.Length > 0 && tensor.Shape.ElementCount == values.Length && tensor.Data.Length == values.Length * tensor.DataType.ElementBytes();
    }

    private static Tensor? Find(IReadOnlyList<Tensor> tensors, string name)
    {
        for (var i = 0; i < tensors.Count; i++)
        {
            if (tensors[i].Name == name) return tensors[i];
        }

        return null;
    }

    private static TensorSpec? FindLabelled(IReadOnlyList<TensorSpec> specs, string? name)
    {
        for (var i = 0; i < specs.Count; i++)
        {
            if (specs[i].Labels.Count > 0 && (name is null || specs[i].Name == name)) return specs[i];
        }

        return null;
    }
}
