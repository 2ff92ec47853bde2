using System.Buffers.Binary;
using OrleansHybrid.Domain;

namespace OrleansHybrid.Inference.Graph;

/// <summary>What integers a constant holds. Null whenever that is not certain: fewer or more of them than its shape says, 4-bit types, not integers, too many.</summary>
internal static class IntegerConstants
{
    public static IntegerRange? Read(scoped in TensorFields fields)
    {
        if (!ElementTypes.IsInteger(fields.ElementType) || ElementTypes.Bits(fields.ElementType) < 8) return null;
        if (fields.Elements > Limits.GraphConstantElementsMax) return null;
        if (!fields.HasRaw) return fields.Constant.Count == fields.Elements && fields.Constant.Range is { } range && range.Fits(fields.ElementType) ? range : null;
        return fields.Constant.Count == 0 ? FromRaw(fields.Raw, fields.ElementType, fields.Elements) : null;
    }

    private static IntegerRange? FromRaw(ReadOnlySpan<byte> raw, int type, long elements)
    {
        var width = ElementTypes.Bits(type) / 8;
        if (raw.Length != elements * width) return null;
        var range = IntegerRange.Empty;
        for (var at = 0; at < raw.Length; at += width) range = range.With(One(raw[at..], type));
        return range;
    }

    private static Int128 One(ReadOnlySpan<byte> raw, int type) => type switch
    {
        ElementTypes.Uint8 => raw[0],
        ElementTypes.Int8 => (sbyte)raw[0],
        ElementTypes.Uint16 => BinaryPrimitives.ReadUInt16LittleEndian(raw),
        ElementTypes.Int16 => BinaryPrimitives.ReadInt16LittleEndian(raw),
        ElementTypes.Uint32 => BinaryPrimitives.ReadUInt32LittleEndian(raw),
        ElementTypes.Int32 => BinaryPrimitives.ReadInt32LittleEndian(raw),
        ElementTypes.Uint64 => BinaryPrimitives.ReadUInt64LittleEndian(raw),
        _ => BinaryPrimitives.ReadInt64LittleEndian(raw),
    };
}
