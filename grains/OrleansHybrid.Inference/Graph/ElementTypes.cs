using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Inference.Graph;

/// <summary>ONNX's numbers for element types, and what the rules ask of them.</summary>
internal static class ElementTypes
{
    /// <summary>Nothing is known.</summary>
    public const int Unknown = 0;

    public const int Float = 1, Uint8 = 2, Int8 = 3, Uint16 = 4, Int16 = 5, Int32 = 6, Int64 = 7, String = 8, Bool = 9;
    public const int Float16 = 10, Double = 11, Uint32 = 12, Uint64 = 13, Complex64 = 14, Complex128 = 15, Bfloat16 = 16;

    /// <summary>The four 8-bit floats are 17 to 20; 4-bit integers follow.</summary>
    private const int Float8First = 17, Float8Last = 20, Uint4 = 21, Int4 = 22, Float4 = 23;

    /// <summary>Not ONNX's: some floating-point type, for operators that take no other.</summary>
    public const int SomeFloat = -1;

    /// <summary>Not ONNX's: definitions contradict one another, so nothing may be concluded.</summary>
    public const int Conflict = -2;

    private static readonly Dictionary<int, TensorDataType> Protocol = new()
    {
        [Float] = TensorDataType.Fp32, [Uint8] = TensorDataType.Uint8, [Int8] = TensorDataType.Int8, [Uint16] = TensorDataType.Uint16,
        [Int16] = TensorDataType.Int16, [Int32] = TensorDataType.Int32, [Int64] = TensorDataType.Int64, [String] = TensorDataType.Bytes,
        [Bool] = TensorDataType.Bool, [Float16] = TensorDataType.Fp16, [Double] = TensorDataType.Fp64, [Uint32] = TensorDataType.Uint32,
        [Uint64] = TensorDataType.Uint64, [Bfloat16] = TensorDataType.Bf16,
    };

    /// <summary>The protocol's type, or null where the protocol has none.</summary>
    public static TensorDataType? ToProtocol(int type) => Protocol.TryGetValue(type, out var known) ? known : null;

    /// <summary>Types whose division and remainder cannot stop a process.</summary>
    public static bool IsFloat(int type) => type is Float or Float16 or Double or Bfloat16 or SomeFloat or Float4 or (>= Float8First and <= Float8Last);

    public static bool IsInteger(int type) => type is Uint8 or Int8 or Uint16 or Int16 or Int32 or Int64 or Uint32 or Uint64 or Uint4 or Int4;

    /// <summary>Bits of one element, 0 where it varies or is not known.</summary>
    public static int Bits(int type) => type switch
    {
        Uint8 or Int8 or Bool or (>= Float8First and <= Float8Last) => 8,
        Uint16 or Int16 or Float16 or Bfloat16 => 16,
        Float or Int32 or Uint32 => 32,
        Double or Int64 or Uint64 or Complex64 => 64,
        Complex128 => 128,
        Uint4 or Int4 or Float4 => 4,
        _ => 0,
    };

    /// <summary>What two statements about one value amount to.</summary>
    public static int Merge(int first, int second)
    {
        if (first == Unknown || first == second) return second;
        if (second == Unknown) return first;
        if (first == SomeFloat && IsFloat(second)) return second;
        if (second == SomeFloat && IsFloat(first)) return first;
        return Conflict;
    }

    /// <summary>For error messages.</summary>
    public static string Name(int type) => ToProtocol(type)?.WireName() ?? (IsFloat(type) ? "a float type" : $"element type {type}");
}
