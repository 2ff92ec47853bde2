using System.Globalization;
using OrleansHybrid.Domain;

namespace OrleansHybrid.Inference.Graph;

/// <summary>Reads a weight or constant: its type, its size, where it lies, and for small integer ones what they are.</summary>
internal static class TensorParser
{
    private const string Message = "TensorProto";
    private const int External = 1;

    public static bool TryRead(ReadOnlySpan<byte> message, ScanState state, out GraphTensor tensor)
    {
        tensor = new GraphTensor("", ValueFacts.Unknown, 0, 0, false);
        var fields = new TensorFields();
        var reader = new WireReader(message);
        while (state.Error is null && reader.Next())
        {
            if (!TryField(reader, ref fields, state)) return false;
        }

        if (!state.Finish(reader, Message) || !state.CountValue()) return false;
        if (fields.Location == External && !TryExternal(fields, state)) return false;
        tensor = Build(fields);
        return true;
    }

    /// <summary>A sparse weight is mostly zeros: its type is all the rules need, and it never is a safe divisor.</summary>
    public static bool TryReadSparse(ReadOnlySpan<byte> message, ScanState state, out GraphTensor tensor)
    {
        tensor = new GraphTensor("", ValueFacts.Unknown, 0, 0, false);
        ulong seen = 0;
        var reader = new WireReader(message);
        while (state.Error is null && reader.Next())
        {
            if (reader.Field is not (1 or 2)) continue;
            if (!state.Once(reader, WireType.Length, ref seen, "SparseTensorProto") || !TryRead(reader.Content, state, out var part)) return false;
            if (reader.Field == 1) tensor = part with { Facts = part.Facts.WithoutConstant() };
        }

        return state.Finish(reader, "SparseTensorProto");
    }

    private static bool TryField(scoped in WireReader reader, ref TensorFields fields, ScanState state)
    {
        switch (reader.Field)
        {
            case 1: return TryDims(reader, ref fields, state);
            case 2:
                if (!state.Once(reader, WireType.Varint, ref fields.Seen, Message)) return false;
                fields.ElementType = (int)Math.Min(reader.Number, int.MaxValue);
                return true;
            case 5 or 7 or 11: return TryNumbers(reader, ref fields, state);
            case 4 or 10: return TryFloats(reader, ref fields, state);
            case 6:
                if (!state.Is(reader, WireType.Length, Message)) return false;
                fields.StoredBytes += reader.Content.Length;
                return true;
            case 8: return state.Once(reader, WireType.Length, ref fields.Seen, Message) && state.Text(reader.Content, Message, out fields.Name);
            case 9:
                if (!state.Once(reader, WireType.Length, ref fields.Seen, Message)) return false;
                fields.StoredBytes += reader.Content.Length;
                fields.Raw = reader.Content;
                fields.HasRaw = true;
                return true;
            case 13: return state.Is(reader, WireType.Length, Message) && TryEntry(reader.Content, ref fields, state);
            case 14:
                if (!state.Once(reader, WireType.Varint, ref fields.Seen, Message)) return false;
                fields.Location = reader.Number;
                return true;
            default: return true;
        }
    }

    private static bool TryDims(scoped in WireReader reader, ref TensorFields fields, ScanState state)
    {
        if (reader.Type == WireType.Varint) return TryDim((long)reader.Number, ref fields, state);
        if (!state.Is(reader, WireType.Length, Message)) return false;
        var packed = new WireReader(reader.Content);
        while (packed.NextPacked(out var dim))
        {
            if (!TryDim(dim, ref fields, state)) return false;
        }

        return state.Finish(packed, Message);
    }

    private static bool TryDim(long dim, ref TensorFields fields, ScanState state)
    {
        if (++fields.Rank > Limits.TensorRankMax) return state.Fail(Message, $"a tensor has more than {Limits.TensorRankMax} dimensions");
        if (dim < 0) return state.Fail(Message, "a weight has a negative dimension");
        if (Math.BigMul(fields.Elements, dim, out var product) != 0 || product < 0) return state.Fail(Message, "a weight's shape has more elements than 64 bits can count");
        fields.Elements = product;
        return true;
    }

    /// <summary>Integers outside raw data: one varint each, packed or not.</summary>
    private static bool TryNumbers(scoped in WireReader reader, ref TensorFields fields, ScanState state)
    {
        if (reader.Type == WireType.Varint)
        {
            fields.StoredBytes += sizeof(long);
            fields.Constant.Add(Widen(reader.Number, reader.Field));
            return true;
        }

        if (!state.Is(reader, WireType.Length, Message)) return false;
        fields.StoredBytes += reader.Content.Length;
        var packed = new WireReader(reader.Content);
        while (packed.NextPacked(out var value)) fields.Constant.Add(Widen((ulong)value, reader.Field));
        return state.Finish(packed, Message);
    }

    /// <summary>Field 11 holds unsigned numbers; field 5 holds 32-bit ones, of which protobuf keeps the low bits.</summary>
    private static Int128 Widen(ulong number, int field) => field switch
    {
        11 => number,
        5 => (int)number,
        _ => (long)number,
    };

    private static bool TryFloats(scoped in WireReader reader, ref TensorFields fields, ScanState state)
    {
        var single = reader.Field == 4 ? WireType.Fixed32 : WireType.Fixed64;
        if (reader.Type != single && !state.Is(reader, WireType.Length, Message)) return false;
        fields.StoredBytes += reader.Type == single ? sizeof(double) : reader.Content.Length;
        return true;
    }

    private static bool TryEntry(ReadOnlySpan<byte> message, ref TensorFields fields, ScanState state)
    {
        ulong seen = 0;
        string key = "", value = "";
        var reader = new WireReader(message);
        while (state.Error is null && reader.Next())
        {
            if (reader.Field is not (1 or 2)) continue;
            if (!state.Once(reader, WireType.Length, ref seen, "external_data") || !state.Text(reader.Content, "external_data", out var text)) return false;
            if (reader.Field == 1) key = text;
            else value = text;
        }

        return state.Finish(reader, "external_data") && TrySetEntry(key, value, ref fields, state);
    }

    private static bool TrySetEntry(string key, string value, ref TensorFields fields, ScanState state)
    {
        switch (key)
        {
            case "location":
                if (fields.ExternalFile is not null) return state.Fail("external_data", "a location is given twice");
                fields.ExternalFile = value;
                return true;
            case "offset": return TryRange(value, ref fields.Offset, state);
            case "length": return TryRange(value, ref fields.Length, state);
            default: return true;
        }
    }

    private static bool TryRange(string text, ref long? target, ScanState state)
    {
        if (target is not null) return state.Fail("external_data", "an offset or a length is given twice");
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)) return state.Fail("external_data", "an offset or a length is not a whole number");
        target = value;
        return true;
    }

    private static bool TryExternal(scoped in TensorFields fields, ScanState state)
    {
        if (fields.ExternalFile is null) return state.Fail(Message, "a weight in an external file names no file");
        if (fields.HasRaw) return state.Fail(Message, "a weight has both its own bytes and an external file");
        state.ExternalData.Add(new ExternalDataRange(fields.Name, fields.ExternalFile, fields.Offset ?? 0, fields.Length));
        return true;
    }

    private static GraphTensor Build(scoped in TensorFields fields)
    {
        var external = fields.Location == External;
        var facts = new ValueFacts(fields.ElementType, external ? null : IntegerConstants.Read(fields));
        return new GraphTensor(fields.Name, facts, fields.Elements, fields.StoredBytes, external);
    }
}
