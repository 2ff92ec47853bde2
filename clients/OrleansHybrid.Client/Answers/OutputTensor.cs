using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Client;

/// <summary>One output of an answer: a view of memory that belongs to the answer and goes with it.</summary>
public readonly struct OutputTensor
{
    private readonly Tensor tensor;

    internal OutputTensor(Tensor tensor) => this.tensor = tensor;

    public string Name => tensor.Name;

    public TensorDataType DataType => tensor.DataType;

    public ReadOnlySpan<long> Shape => tensor.Shape.Dims;

    /// <summary>The elements, row by row.</summary>
    /// <exception cref="InvalidOperationException">The output has another datatype than <typeparamref name="T"/>, or its answer was disposed.</exception>
    public ReadOnlySpan<T> AsSpan<T>() where T : unmanaged
    {
        if (!ElementTypes.Match<T>(tensor.DataType)) throw new InvalidOperationException($"The output '{Name}' is {DataType.WireName()}; {typeof(T).Name} was asked for. {ElementTypes.Advice(DataType)}");
        return MemoryMarshal.Cast<byte, T>(tensor.Data.Span);
    }

    /// <summary>One row along the first dimension.</summary>
    public ReadOnlySpan<T> Row<T>(int row) where T : unmanaged
    {
        var all = AsSpan<T>();
        var rows = tensor.Shape.Rank == 0 ? 1 : (int)tensor.Shape[0];
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)rows, nameof(row));
        var width = all.Length / rows;
        return all.Slice(row * width, width);
    }

    /// <summary>The bytes as they are: little-endian elements, or for BYTES each with a 4-byte length before it.</summary>
    public ReadOnlySpan<byte> Bytes => tensor.Data.Span;

    /// <summary>The elements of a BYTES output as UTF-8 text.</summary>
    public IReadOnlyList<string> ToStrings()
    {
        if (tensor.DataType != TensorDataType.Bytes) throw new InvalidOperationException($"The output '{Name}' is {DataType.WireName()}, not BYTES. {ElementTypes.Advice(DataType)}");
        var texts = new List<string>();
        for (var rest = (ReadOnlySpan<byte>)tensor.Data.Span; !rest.IsEmpty;)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(rest);
            texts.Add(Encoding.UTF8.GetString(rest.Slice(sizeof(int), length)));
            rest = rest[(sizeof(int) + length)..];
        }

        return texts;
    }
}

/// <summary>Which .NET type holds one element of which datatype.</summary>
internal static class ElementTypes
{
    private static readonly Type[] Types =
    [
        typeof(bool), typeof(byte), typeof(ushort), typeof(uint), typeof(ulong), typeof(sbyte), typeof(short), typeof(int), typeof(long),
        typeof(Half), typeof(ushort), typeof(float), typeof(double), typeof(string),
    ];

    /// <summary>BF16 has no type of its own: its bits travel as <see cref="ushort"/>.</summary>
    public static bool Match<T>(TensorDataType type) => Types[(int)type] == typeof(T) && (!RuntimeHelpers.IsReferenceOrContainsReferences<T>());

    public static string Advice(TensorDataType type) => type == TensorDataType.Bytes ? "Read it with ToStrings()." : $"Use {Types[(int)type].Name}.";

    public static TensorDataType? Of<T>() => Array.IndexOf(Types, typeof(T)) is >= 0 and var index && typeof(T) != typeof(string) ? (TensorDataType)index : null;
}
