using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Client;

/// <summary>The shape of what a caller gave. Pure.</summary>
internal static class InputShapes
{
    /// <summary>The given shape when it fits the specification and the number of elements; without one, the one that can be told. Null with a refusal otherwise.</summary>
    public static TensorShape? Resolve(ModelManifest manifest, TensorSpec spec, long elements, long[] given, out InputBinding refusal)
    {
        refusal = default;
        if (given.Length == 0 && spec.Shape.Rank > 0) return Infer(manifest, spec, elements, out refusal);
        var shape = new TensorShape(given);
        if (!spec.Shape.Accepts(shape)) refusal = InputBinding.Refuse($"Input '{spec.Name}' of '{manifest.Model}' takes the shape {spec.Shape}; {shape} came.");
        else if (shape.ElementCount != elements) refusal = InputBinding.Refuse($"Input '{spec.Name}' of '{manifest.Model}' in the shape {shape} takes {shape.ElementCount} elements; {elements} came.");
        else return shape;
        return null;
    }

    private static TensorShape? Infer(ModelManifest manifest, TensorSpec spec, long elements, out InputBinding refusal)
    {
        refusal = default;
        var dims = spec.Shape.ToArray();
        var free = Array.FindAll(dims, d => d < 0).Length;
        long row = 1;
        foreach (var dim in dims) row *= dim < 0 ? 1 : dim;
        if (free > 1 && row == 1 && spec.DataType == TensorDataType.Bytes) free = 1; // Texts: one row each, whatever follows is 1.
        if (free > 1) refusal = InputBinding.Refuse($"Input '{spec.Name}' of '{manifest.Model}' has the shape {spec.Shape}: with {free} free dimensions the number of elements does not tell them. Give the shape.");
        else if (free == 0 && elements != row) refusal = InputBinding.Refuse($"Input '{spec.Name}' of '{manifest.Model}' takes {row} elements {spec.Shape}; {elements} came.");
        else if (free == 1 && (row == 0 || elements == 0 || elements % row != 0)) refusal = InputBinding.Refuse($"Input '{spec.Name}' of '{manifest.Model}' takes rows of {row} elements {spec.Shape}; {elements} came, which is no whole number of rows.");
        else return new TensorShape(Fill(dims, row == 0 ? 0 : elements / row));
        return null;
    }

    /// <summary>The first free dimension takes the rows; others are 1.</summary>
    private static long[] Fill(long[] dims, long rows)
    {
        var filled = false;
        for (var i = 0; i < dims.Length; i++)
        {
            if (dims[i] >= 0) continue;
            dims[i] = filled ? 1 : rows;
            filled = true;
        }

        return dims;
    }
}
