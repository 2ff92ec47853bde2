using System.Buffers.Binary;
using Microsoft.ML.OnnxRuntime;
using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Inference.Engine;

/// <summary>BYTES tensors, in the protocol's binary form, to and from ONNX Runtime's strings. Elements may hold any bytes.</summary>
internal static class StringTensors
{
    private const int LengthBytes = sizeof(int);

    /// <summary>How many elements the content holds; null when a length does not fit.</summary>
    public static long? Count(ReadOnlySpan<byte> content)
    {
        long count = 0;
        while (!content.IsEmpty)
        {
            if (!TryCut(ref content, out _)) return null;
            count++;
        }

        return count;
    }

    public static OrtValue ToRuntime(ReadOnlySpan<byte> content, long[] dims)
    {
        var value = OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, dims);
        for (var i = 0; TryCut(ref content, out var element); i++)
        {
            if (!element.IsEmpty) value.StringTensorSetElementAt(element, i);
        }

        return value;
    }

    public static TensorLease FromRuntime(OrtValue value, long elements, TensorPool pool)
    {
        var strings = new byte[elements][];
        long total = 0;
        for (var i = 0; i < elements; i++)
        {
            strings[i] = Element(value, i);
            total += LengthBytes + strings[i].Length;
        }

        if (total > Array.MaxLength) throw new RunFailedException("an output's strings are larger than 2 GiB");
        var lease = pool.Rent((int)total);
        var target = lease.Span;
        foreach (var text in strings)
        {
            BinaryPrimitives.WriteInt32LittleEndian(target, text.Length);
            text.CopyTo(target[LengthBytes..]);
            target = target[(LengthBytes + text.Length)..];
        }

        return lease;
    }

    private static byte[] Element(OrtValue value, int index) => value.GetStringElementAsSpan(index).ToArray();

    /// <summary>Takes the next element off the content. False at its end, or when a length does not fit.</summary>
    public static bool TryCut(ref ReadOnlySpan<byte> content, out ReadOnlySpan<byte> element)
    {
        element = default;
        if (content.Length < LengthBytes) return false;
        var length = BinaryPrimitives.ReadUInt32LittleEndian(content);
        if (length > (uint)(content.Length - LengthBytes)) return false;
        element = content.Slice(LengthBytes, (int)length);
        content = content[(LengthBytes + (int)length)..];
        return true;
    }
}
