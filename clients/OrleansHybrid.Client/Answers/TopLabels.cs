using System.Runtime.InteropServices;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Client;

/// <summary>Reads the likeliest labels of a row off the first output that has labels. Pure.</summary>
internal static class TopLabels
{
    public static IReadOnlyList<LabelProbability> Of(ModelManifest? manifest, IReadOnlyList<Tensor> outputs, int row, int count)
    {
        if (manifest is null || count <= 0) return [];
        foreach (var spec in manifest.Outputs)
        {
            if (spec.Labels.Count > 0 && Find(outputs, spec.Name) is { } tensor) return Best(Row(tensor, spec.Labels.Count, row), spec.Labels, count);
        }

        return [];
    }

    private static Tensor? Find(IReadOnlyList<Tensor> outputs, string name)
    {
        foreach (var output in outputs)
        {
            if (output.Name == name) return output;
        }

        return null;
    }

    private static double[] Row(Tensor tensor, int classes, int row) => tensor.DataType switch
    {
        TensorDataType.Fp32 => Cut<float>(tensor, classes, row),
        TensorDataType.Fp64 => Cut<double>(tensor, classes, row),
        TensorDataType.Fp16 => Cut<Half>(tensor, classes, row),
        TensorDataType.Int8 => Cut<sbyte>(tensor, classes, row),
        TensorDataType.Uint8 => Cut<byte>(tensor, classes, row),
        TensorDataType.Int32 => Cut<int>(tensor, classes, row),
        TensorDataType.Int64 => Cut<long>(tensor, classes, row),
        _ => [],
    };

    private static double[] Cut<T>(Tensor tensor, int classes, int row) where T : unmanaged, System.Numerics.INumber<T>
    {
        var values = MemoryMarshal.Cast<byte, T>(tensor.Data.Span);
        if (row < 0 || (long)(row + 1) * classes > values.Length) return [];
        var scores = new double[classes];
        for (var i = 0; i < classes; i++) scores[i] = double.CreateSaturating(values[(row * classes) + i]);
        return scores;
    }

    private static LabelProbability[] Best(double[] scores, IReadOnlyList<string> labels, int count)
    {
        var order = Enumerable.Range(0, scores.Length).OrderByDescending(i => scores[i]).ThenBy(i => i).Take(count);
        return [.. order.Select(i => new LabelProbability(labels[i], scores[i]))];
    }
}
