using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Gateway.Failures;

namespace OrleansHybrid.Gateway.Answers;

/// <summary>The classification extension: the k largest values of each row as BYTES <c>value:index[:label]</c>, largest first.</summary>
/// <remarks>A tensor of rank 2 or more has a row for each entry of its first dimension; one of rank 1 is a single row. Of equal values the lower index is first.</remarks>
internal static class Classification
{
    public static InferenceFailure? Make(Tensor output, int classes, IReadOnlyList<string> labels, TensorPool pool, out Tensor made)
    {
        made = output;
        if (Values(output) is not { } values) return Bad.Input($"Output '{output.Name}' is {output.DataType.WireName()}; classification needs numbers.");
        var rows = output.Shape.Rank > 1 ? (int)output.Shape[0] : 1;
        var width = rows == 0 ? 0 : values.Length / rows;
        var kept = Math.Min(classes, width);
        var text = new MemoryStream();
        for (var row = 0; row < rows; row++) WriteRow(text, values.AsSpan(row * width, width), kept, labels);
        var shape = output.Shape.Rank > 1 ? new TensorShape(rows, kept) : new TensorShape(kept);
        made = new Tensor(output.Name, TensorDataType.Bytes, shape, pool.Copy(text.GetBuffer().AsSpan(0, (int)text.Length)));
        return null;
    }

    private static void WriteRow(MemoryStream text, ReadOnlySpan<double> row, int kept, IReadOnlyList<string> labels)
    {
        Span<byte> length = stackalloc byte[4];
        var values = row.ToArray();
        var order = Enumerable.Range(0, values.Length).ToArray();
        order.AsSpan().Sort((a, b) => values[b].CompareTo(values[a]) is var byValue and not 0 ? byValue : a.CompareTo(b));
        foreach (var index in order.AsSpan(0, kept))
        {
            var element = System.Text.Encoding.UTF8.GetBytes(index < labels.Count
                ? string.Create(CultureInfo.InvariantCulture, $"{(float)values[index]}:{index}:{labels[index]}")
                : string.Create(CultureInfo.InvariantCulture, $"{(float)values[index]}:{index}"));
            BinaryPrimitives.WriteInt32LittleEndian(length, element.Length);
            text.Write(length);
            text.Write(element);
        }
    }

    private static double[]? Values(Tensor output)
    {
        var bytes = (ReadOnlySpan<byte>)output.Data.Span;
        return output.DataType switch
        {
            TensorDataType.Fp32 => Widen(MemoryMarshal.Cast<byte, float>(bytes)),
            TensorDataType.Fp64 => Widen(MemoryMarshal.Cast<byte, double>(bytes)),
            TensorDataType.Fp16 => Widen(MemoryMarshal.Cast<byte, Half>(bytes)),
            TensorDataType.Uint8 => Widen(bytes),
            TensorDataType.Uint16 => Widen(MemoryMarshal.Cast<byte, ushort>(bytes)),
            TensorDataType.Uint32 => Widen(MemoryMarshal.Cast<byte, uint>(bytes)),
            TensorDataType.Uint64 => Widen(MemoryMarshal.Cast<byte, ulong>(bytes)),
            TensorDataType.Int8 => Widen(MemoryMarshal.Cast<byte, sbyte>(bytes)),
            TensorDataType.Int16 => Widen(MemoryMarshal.Cast<byte, short>(bytes)),
            TensorDataType.Int32 => Widen(MemoryMarshal.Cast<byte, int>(bytes)),
            TensorDataType.Int64 => Widen(MemoryMarshal.Cast<byte, long>(bytes)),
            _ => null,
        };
    }

    private static double[] Widen<T>(ReadOnlySpan<T> values)
        where T : System.Numerics.INumber<T>
    {
        var wide = new double[values.Length];
        for (var i = 0; i < wide.Length; i++) wide[i] = double.CreateSaturating(values[i]);
        return wide;
    }
}
