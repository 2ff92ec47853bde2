namespace OrleansHybrid.Domain.Tensors;

/// <summary>The tensor element types of the Open Inference Protocol v2, with Triton's BF16.</summary>
public enum TensorDataType
{
    Bool, Uint8, Uint16, Uint32, Uint64, Int8, Int16, Int32, Int64, Fp16, Bf16, Fp32, Fp64,

    /// <summary>Byte strings of any length. In memory: each element as a 4-byte little-endian length and its bytes, as in the protocol's binary form.</summary>
    Bytes,
}

/// <summary>Wire names and sizes of the element types.</summary>
public static class TensorDataTypes
{
    private static readonly string[] Names =
        ["BOOL", "UINT8", "UINT16", "UINT32", "UINT64", "INT8", "INT16", "INT32", "INT64", "FP16", "BF16", "FP32", "FP64", "BYTES"];

    private static readonly int[] Sizes = [1, 1, 2, 4, 8, 1, 2, 4, 8, 2, 2, 4, 8, 0];

    /// <summary>All names, in the order of the enum; for error messages.</summary>
    public static IReadOnlyList<string> AllNames => Names;

    /// <summary>The name on the wire, for example <c>FP32</c>.</summary>
    public static string WireName(this TensorDataType type) => Names[(int)type];

    /// <summary>Bytes of one element; 0 for <see cref="TensorDataType.Bytes"/>, whose elements differ in length.</summary>
    public static int ElementBytes(this TensorDataType type) => Sizes[(int)type];

    public static bool TryParse(ReadOnlySpan<char> wireName, out TensorDataType type)
    {
        for (var i = 0; i < Names.Length; i++)
        {
            if (!wireName.SequenceEqual(Names[i])) continue;
            type = (TensorDataType)i;
            return true;
        }

        type = default;
        return false;
    }

    /// <summary>The same for UTF-8 text, so that a parser need not make a string.</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out TensorDataType type)
    {
        Span<char> text = stackalloc char[8];
        type = default;
        if (utf8.Length > text.Length) return false;
        for (var i = 0; i < utf8.Length; i++) text[i] = (char)utf8[i];
        return TryParse(text[..utf8.Length], out type);
    }
}
