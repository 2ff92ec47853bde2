using System.Buffers.Binary;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Gateway.Failures;

namespace OrleansHybrid.Gateway.Infer;

/// <summary>Makes a tensor of a raw body: its shape comes from the model's specification and the number of bytes.</summary>
internal static class RawInput
{
    /// <summary>Settles the shape. BYTES: the whole body is one element, and its length is put before it, as in Triton.</summary>
    public static InferenceFailure? Complete(InputDraft input, TensorSpec spec, TensorPool pool)
    {
        if (spec.DataType == TensorDataType.Bytes) return CompleteBytes(input, spec, pool);
        var dims = spec.Shape.ToArray();
        var free = Array.FindAll(dims, d => d == -1).Length;
        if (free > 1)
        {
            // The first free dimension is the batch: a raw body is one row of it.
            dims[Array.IndexOf(dims, -1)] = 1;
            free--;
        }

        if (free > 1) return Bad.Input($"Tensor '{spec.Name}' of shape {spec.Shape} has more free dimensions than a raw body can settle; send JSON with binary tensor data.");
        if (free == 1 && !Settle(dims, input.Data!.Length, spec.DataType.ElementBytes())) return Bad.Input($"Tensor '{spec.Name}': {input.Data.Length} bytes do not fill whole rows of shape {spec.Shape}, {spec.DataType.WireName()}.");
        input.Shape = new TensorShape(dims);
        return input.CheckBinaryLength(input.Data!.Length) ?? input.CheckContent();
    }

    private static bool Settle(long[] dims, int bytes, int elementBytes)
    {
        long rest = elementBytes;
        foreach (var dim in dims) rest *= dim == -1 ? 1 : dim;
        if (rest <= 0 || bytes % rest != 0) return false;
        dims[Array.IndexOf(dims, -1)] = bytes / rest;
        return true;
    }

    private static InferenceFailure? CompleteBytes(InputDraft input, TensorSpec spec, TensorPool pool)
    {
        var dims = Array.ConvertAll(spec.Shape.ToArray(), d => d == -1 ? 1 : d);
        input.Shape = new TensorShape(dims);
        if (input.ElementCount != 1) return Bad.Input($"Tensor '{spec.Name}' of shape {spec.Shape} takes more than one BYTES element; a raw body is one. Send JSON with binary tensor data.");
        var content = input.Data!;
        var prefixed = pool.Rent(content.Length + 4);
        BinaryPrimitives.WriteInt32LittleEndian(prefixed.Span, content.Length);
        content.Span.CopyTo(prefixed.Span[4..]);
        input.Data = prefixed;
        content.Release();
        return null;
    }
}
