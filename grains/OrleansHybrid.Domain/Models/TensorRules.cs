using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Domain.Models;

/// <summary>The manifest's rules for inputs and outputs: unique names, shapes that can be sent, labels as many as classes.</summary>
internal static class TensorRules
{
    public static void Check(IReadOnlyList<TensorConfig> tensors, string list, ManifestFolder folder, List<ManifestError> errors)
    {
        ManifestRules.CheckUnique([.. tensors.Select(t => t.Name)], list, errors);
        for (var i = 0; i < tensors.Count; i++)
        {
            CheckSize(tensors[i], $"{list}[{i}].shape", errors);
            CheckLabels(tensors[i], $"{list}[{i}].labels", folder, errors);
        }
    }

    /// <summary>One row of the tensor must fit a request: what can never be sent is a slip.</summary>
    private static void CheckSize(TensorConfig tensor, string path, List<ManifestError> errors)
    {
        if (tensor is not { Shape: { } shape, DataType: { } type }) return;
        var fixedDims = new TensorShape([.. shape.Dims.ToArray().Where(d => d > 0)]);
        var bytes = fixedDims.ElementCount is { } count ? Math.Max(type.ElementBytes(), 1) * (decimal)count : decimal.MaxValue;
        if (bytes <= Limits.RequestBytesMax) return;
        errors.Add(new(path, $"at most {Limits.RequestBytesMax} bytes in the fixed dimensions", $"{shape} of {type.WireName()}", "Use smaller dimensions, or -1 for the free ones"));
    }

    private static void CheckLabels(TensorConfig tensor, string path, ManifestFolder folder, List<ManifestError> errors)
    {
        if (tensor.Labels is not { } file) return;
        ManifestRules.CheckFile(file, path, folder, errors);
        if (tensor.DataType is TensorDataType.Bytes or TensorDataType.Bool)
        {
            errors.Add(new(path, "labels for an output of numbers", $"labels for {tensor.DataType.Value.WireName()}", "Remove the key, or correct the datatype"));
        }

        if (!folder.Labels.TryGetValue(file, out var labels)) return;
        if (labels.Error is { } error)
        {
            errors.Add(new(path, "a UTF-8 text file with one label a line", $"{ManifestText.Quote(file)}: {error}", "Correct the file"));
            return;
        }

        if (tensor.Shape is { } shape) CheckCount(shape, file, labels.Lines.Count, path, errors);
    }

    private static void CheckCount(TensorShape shape, string file, int labels, string path, List<ManifestError> errors)
    {
        var last = shape.Rank == 0 ? 0 : shape[shape.Rank - 1];
        if (last == labels) return;
        if (last <= 0) errors.Add(new(path, "labels for a fixed last dimension", $"the shape {shape}", $"Give the last dimension its number of classes, {labels}, or remove the key"));
        else errors.Add(new(path, $"{last} labels, as many as the last dimension", $"{labels} in {ManifestText.Quote(file)}", "Correct the file or the shape"));
    }
}
