using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Inference.Engine;

/// <summary>Puts the rows of several tensors into one, along any dimension, and takes them apart again.</summary>
internal static class BatchCopy
{
    /// <summary>Joins input number <paramref name="input"/> of the members along <paramref name="axis"/>. The receiver owns the lease.</summary>
    public static Tensor Join(IReadOnlyList<PendingRun> members, int input, int axis, TensorPool pool)
    {
        var first = members[0].Inputs[input];
        var parts = new Part[members.Count];
        long rows = 0, bytes = 0;
        for (var i = 0; i < parts.Length; i++)
        {
            var tensor = members[i].Inputs[input];
            parts[i] = new Part(tensor.Data, Chunk(tensor.Shape, tensor.DataType, axis));
            rows += tensor.Shape[axis];
            bytes += tensor.Data.Length;
        }

        if (bytes > Array.MaxLength) throw new RunFailedException("the requests of a batch are larger than 2 GiB together");
        var dims = first.Shape.ToArray();
        dims[axis] = rows;
        var joined = pool.Rent((int)bytes);
        Interleave(parts, joined.Span, Outer(first.Shape, axis));
        return first with { Shape = new TensorShape(dims), Data = joined };
    }

    /// <summary>Cuts one output into the members' rows. The receivers own the leases.</summary>
    public static Tensor[] Split(ReadOnlySpan<byte> whole, TensorSpec spec, TensorShape shape, int axis, IReadOnlyList<PendingRun> members, TensorPool pool)
    {
        var tensors = new Tensor[members.Count];
        var offset = 0;
        var outer = Outer(shape, axis);
        var stride = Chunk(shape, spec.DataType, axis);
        for (var i = 0; i < tensors.Length; i++)
        {
            var dims = shape.ToArray();
            dims[axis] = members[i].Rows;
            var part = new TensorShape(dims);
            var chunk = Chunk(part, spec.DataType, axis);
            var lease = pool.Rent(outer * chunk);
            for (var o = 0; o < outer; o++) whole.Slice((o * stride) + offset, chunk).CopyTo(lease.Span[(o * chunk)..]);
            offset += chunk;
            tensors[i] = new Tensor(spec.Name, spec.DataType, part, lease);
        }

        return tensors;
    }

    private static void Interleave(Part[] parts, Span<byte> whole, int outer)
    {
        for (var o = 0; o < outer; o++)
        {
            foreach (var part in parts)
            {
                part.Lease.Span.Slice(o * part.Chunk, part.Chunk).CopyTo(whole);
                whole = whole[part.Chunk..];
            }
        }
    }

    private static int Outer(TensorShape shape, int axis)
    {
        long outer = 1;
        foreach (var dim in shape.Dims[..axis]) outer *= dim;
        return checked((int)outer);
    }

    /// <summary>Bytes of a tensor between two steps of the dimensions before the axis.</summary>
    private static int Chunk(TensorShape shape, TensorDataType type, int axis)
    {
        long bytes = type.ElementBytes();
        foreach (var dim in shape.Dims[axis..]) bytes *= dim;
        return checked((int)bytes);
    }

    private readonly record struct Part(TensorLease Lease, int Chunk);
}
