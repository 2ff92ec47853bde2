using System.Runtime.InteropServices;
using System.Text.Unicode;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Gateway.Failures;
using OrleansHybrid.Gateway.Infer;

namespace OrleansHybrid.Gateway.Answers;

/// <summary>Writes a tensor's content as a flat JSON array.</summary>
internal static class TensorJson
{
    /// <summary>Null on success; else the reason that JSON cannot carry it.</summary>
    public static InferenceFailure? Write(AnswerBuffer buffer, Tensor tensor)
    {
        var bytes = (ReadOnlySpan<byte>)tensor.Data.Span;
        buffer.Raw((byte)'[');
        var failure = tensor.DataType switch
        {
            TensorDataType.Bool => Truths(buffer, bytes),
            TensorDataType.Uint8 => Wholes<byte>(buffer, tensor, bytes),
            TensorDataType.Uint16 => Wholes<ushort>(buffer, tensor, bytes),
            TensorDataType.Uint32 => Wholes<uint>(buffer, tensor, bytes),
            TensorDataType.Uint64 => Wholes<ulong>(buffer, tensor, bytes),
            TensorDataType.Int8 => Wholes<sbyte>(buffer, tensor, bytes),
            TensorDataType.Int16 => Wholes<short>(buffer, tensor, bytes),
            TensorDataType.Int32 => Wholes<int>(buffer, tensor, bytes),
            TensorDataType.Int64 => Wholes<long>(buffer, tensor, bytes),
            TensorDataType.Fp32 => Floats(buffer, tensor, MemoryMarshal.Cast<byte, float>(bytes)),
            TensorDataType.Fp64 => Doubles(buffer, tensor, MemoryMarshal.Cast<byte, double>(bytes)),
            TensorDataType.Bytes => Strings(buffer, tensor, bytes),
            _ => NoJson(tensor, "has no JSON form"),
        };
        buffer.Raw((byte)']');
        return failure;
    }

    private static InferenceFailure? Wholes<T>(AnswerBuffer buffer, Tensor tensor, ReadOnlySpan<byte> bytes)
        where T : unmanaged, IUtf8SpanFormattable
    {
        var first = true;
        foreach (var value in MemoryMarshal.Cast<byte, T>(bytes))
        {
            if (!first) buffer.Raw((byte)',');
            first = false;
            buffer.Number(value);
            if (buffer.Count > Limits.RequestBytesMax) return TooLarge(tensor);
        }

        return null;
    }

    private static InferenceFailure? Floats(AnswerBuffer buffer, Tensor tensor, ReadOnlySpan<float> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i])) return NotFinite(tensor, i);
            if (i > 0) buffer.Raw((byte)',');
            buffer.Number(values[i]);
            if (buffer.Count > Limits.RequestBytesMax) return TooLarge(tensor);
        }

        return null;
    }

    private static InferenceFailure? Doubles(AnswerBuffer buffer, Tensor tensor, ReadOnlySpan<double> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (!double.IsFinite(values[i])) return NotFinite(tensor, i);
            if (i > 0) buffer.Raw((byte)',');
            buffer.Number(values[i]);
            if (buffer.Count > Limits.RequestBytesMax) return TooLarge(tensor);
        }

        return null;
    }

    private static InferenceFailure? Truths(AnswerBuffer buffer, ReadOnlySpan<byte> bytes)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            if (i > 0) buffer.Raw((byte)',');
            buffer.Raw(bytes[i] != 0 ? "true"u8 : "false"u8);
        }

        return null;
    }

    private static InferenceFailure? Strings(AnswerBuffer buffer, Tensor tensor, ReadOnlySpan<byte> bytes)
    {
        for (var i = 0; BytesElements.TryNext(ref bytes, out var element); i++)
        {
            if (!Utf8.IsValid(element)) return NoJson(tensor, $"is not UTF-8 at element {i}");
            if (i > 0) buffer.Raw((byte)',');
            buffer.Text(element);
            if (buffer.Count > Limits.RequestBytesMax) return TooLarge(tensor);
        }

        return null;
    }

    private static InferenceFailure NotFinite(Tensor tensor, int index) => NoJson(tensor, $"is not a finite number at element {index}");

    private static InferenceFailure NoJson(Tensor tensor, string why) => Bad.Input(
        $"Output '{tensor.Name}' ({tensor.DataType.WireName()}) {why}, so JSON cannot carry it; ask for it with binary_data true.");

    private static InferenceFailure TooLarge(Tensor tensor) => new(
        FailureCode.TooLarge, $"Output '{tensor.Name}' takes more than {Limits.RequestBytesMax} bytes as JSON; ask for it with binary_data true.");
}
