using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Gateway.Failures;

namespace OrleansHybrid.Gateway.Infer;

/// <summary>One input while its request is read. <see cref="Data"/> is held by the draft until <see cref="InferDraft.Dispose"/>.</summary>
internal sealed class InputDraft
{
    public string Name = "";
    public TensorDataType DataType;
    public TensorShape Shape;
    public TensorLease? Data;

    /// <summary>Bytes of this input that follow the JSON part; null when the data is in the JSON itself.</summary>
    public long? BinaryBytes;

    public long? ElementCount => Shape.ElementCount;

    /// <summary>Bytes the shape calls for; null for BYTES, whose elements differ, and for a shape that has no size.</summary>
    public long? ExpectedBytes => DataType == TensorDataType.Bytes || ElementCount is not { } count || count > Limits.RequestBytesMax
        ? null
        : count * DataType.ElementBytes();

    public InferenceFailure BadShape() => Bad.Input(
        $"Tensor '{Name}': shape {Shape} has no size; every dimension must be 0 or more and their product must fit 63 bits.");

    /// <summary>Whether <paramref name="bytes"/> bytes of binary data can be this tensor.</summary>
    public InferenceFailure? CheckBinaryLength(long bytes)
    {
        if (ElementCount is null) return BadShape();
        if (bytes > Limits.RequestBytesMax) return Bad.TooLarge(bytes);
        if (DataType == TensorDataType.Bytes || ExpectedBytes == bytes) return null;
        var expected = ExpectedBytes?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? $"more than {Limits.RequestBytesMax}";
        return Bad.Input($"Tensor '{Name}': shape {Shape} of {DataType.WireName()} takes {expected} bytes; {bytes} came.");
    }

    /// <summary>BYTES in binary form: lengths and elements must fill the data exactly, and be as many as the shape says.</summary>
    public InferenceFailure? CheckContent()
    {
        if (DataType == TensorDataType.Bool) return CheckTruths();
        if (DataType != TensorDataType.Bytes) return null;
        var elements = BytesElements.Count(Data!.Span);
        if (elements is null) return Bad.Input($"Tensor '{Name}': its binary BYTES data is broken; each element is a 4-byte little-endian length and that many bytes.");
        return elements == ElementCount ? null : Bad.Input($"Tensor '{Name}': shape {Shape} takes {ElementCount} elements; {elements} came.");
    }

    /// <summary>A truth value of another byte than 0 or 1 means different things to different code.</summary>
    private InferenceFailure? CheckTruths()
    {
        var odd = Data!.Span.IndexOfAnyExcept((byte)0, (byte)1);
        return odd < 0 ? null : Bad.Input($"Tensor '{Name}': element {odd} is the byte {Data.Span[odd]}; BOOL takes 0 or 1.");
    }
}
