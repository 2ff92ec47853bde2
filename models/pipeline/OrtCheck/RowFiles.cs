using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace OrtCheck;

/// <summary>The packed rows of every input, in memory, and the tensors made of a range of them.</summary>
public sealed class RowFiles(CheckSpec spec)
{
    private readonly byte[][] files = [.. spec.Inputs.Select(input => File.ReadAllBytes(input.File))];

    public int Rows => files[0].Length / spec.Inputs[0].RowBytes;

    public string[] Names { get; } = [.. spec.Inputs.Select(input => input.Name)];

    /// <summary>The inputs of rows <paramref name="first"/> up to <paramref name="count"/> more; the caller disposes each.</summary>
    public OrtValue[] Tensors(int first, int count) =>
        [.. spec.Inputs.Select((input, index) => Tensor(input, files[index].AsSpan(first * input.RowBytes, count * input.RowBytes), count))];

    private static OrtValue Tensor(InputSpec input, ReadOnlySpan<byte> bytes, int count)
    {
        long[] shape = [count, .. input.RowShape.Select(size => (long)size)];
        return input.Datatype == "INT16"
            ? OrtValue.CreateTensorValueFromMemory(MemoryMarshal.Cast<byte, short>(bytes).ToArray(), shape)
            : OrtValue.CreateTensorValueFromMemory(MemoryMarshal.Cast<byte, float>(bytes).ToArray(), shape);
    }
}
