using System.Buffers.Binary;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Grains.Routing;

/// <summary>Made-up input of one row in a version's shapes and about the size that a feature expects: zeros, and for BYTES text of that length.</summary>
public static class SyntheticInput
{
    private const int TextBytesDefault = 32;

    /// <param name="expectedBytes">Of the whole input; null: the smallest.</param>
    /// <returns>Tensors whose leases the caller owns; null when the shapes ask for more than <see cref="Limits.FitInputBytesMax"/>.</returns>
    public static Tensor[]? Make(IReadOnlyList<TensorSpec> inputs, int? expectedBytes, TensorPool pool)
    {
        var length = FreeLength(inputs, Math.Min(expectedBytes ?? 0, Limits.FitInputBytesMax));
        var shapes = inputs.Select(i => Shape(i, length)).ToArray();
        var text = Math.Clamp(expectedBytes ?? TextBytesDefault, 1, Limits.FitInputBytesMax);
        var bytes = inputs.Zip(shapes, (spec, shape) => shape.ElementCount * ElementBytes(spec, text)).ToArray();
        if (bytes.Any(b => b is null) || bytes.Sum() > Limits.FitInputBytesMax) return null;
        return [.. inputs.Zip(shapes, (spec, shape) => Make(spec, shape, text, pool))];
    }

    private static long ElementBytes(TensorSpec spec, int text) =>
        spec.DataType == TensorDataType.Bytes ? sizeof(int) + text : spec.DataType.ElementBytes();

    /// <summary>What a free dimension, such as a number of tokens, comes to when all inputs with one share the expected bytes.</summary>
    private static long FreeLength(IReadOnlyList<TensorSpec> inputs, int expectedBytes)
    {
        long perStep = inputs.Where(i => FreeAxis(i.Shape) >= 0).Sum(i => (Shape(i, 1).ElementCount ?? 1) * Math.Max(1, i.DataType.ElementBytes()));
        return perStep == 0 ? 1 : Math.Max(1, expectedBytes / perStep);
    }

    /// <summary>The last free dimension, less the first of several, which counts rows; -1 when there is none.</summary>
    private static int FreeAxis(TensorShape shape)
    {
        var axis = shape.Dims.LastIndexOf(-1);
        return axis == 0 && shape.Rank > 1 ? -1 : axis;
    }

    private static TensorShape Shape(TensorSpec spec, long length)
    {
        var dims = spec.Shape.ToArray();
        var free = FreeAxis(spec.Shape);
        for (var i = 0; i < dims.Length; i++)
        {
            if (dims[i] == -1) dims[i] = i == free ? length : 1;
        }

        return new TensorShape(dims);
    }

    private static Tensor Make(TensorSpec spec, TensorShape shape, int text, TensorPool pool)
    {
        var elements = (int)shape.ElementCount!.Value;
        var lease = pool.Rent((int)(elements * ElementBytes(spec, text)));
        lease.Span.Clear();
        if (spec.DataType != TensorDataType.Bytes) return new Tensor(spec.Name, spec.DataType, shape, lease);
        lease.Span.Fill((byte)'a');
        for (var i = 0; i < elements; i++) BinaryPrimitives.WriteInt32LittleEndian(lease.Span[(i * (sizeof(int) + text))..], text);
        return new Tensor(spec.Name, spec.DataType, shape, lease);
    }
}
