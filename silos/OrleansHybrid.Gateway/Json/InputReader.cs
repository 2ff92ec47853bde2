using System.Text;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Gateway.Failures;
using OrleansHybrid.Gateway.Infer;

namespace OrleansHybrid.Gateway.Json;

/// <summary>Reads one object of <c>inputs</c>. Its properties come in any order: data that stands before its type or shape is stepped over and read at the object's end.</summary>
internal static class InputReader
{
    private const int NameSlot = 0, TypeSlot = 1, ShapeSlot = 2, DataSlot = 3, ParametersSlot = 4;

    public static bool Read(ref JsonCursor cursor, InputDraft input, TensorPool pool)
    {
        if (!cursor.Open((byte)'{', "An entry of 'inputs'")) return false;
        var seen = default(SeenNames);
        var dataAt = -1;
        if (!cursor.IsEmpty((byte)'}'))
        {
            do
            {
                if (!cursor.ReadName(out var name) || !ReadProperty(ref cursor, name, input, ref seen, ref dataAt, pool)) return false;
            }
            while (cursor.Next((byte)'}'));
        }

        return cursor.Failure is null && Complete(ref cursor, input, seen, dataAt, pool);
    }

    /// <summary>Reads an input that is only described: name, datatype and shape, no data.</summary>
    public static bool ReadDescription(ref JsonCursor cursor, InputDraft input)
    {
        if (!cursor.Open((byte)'{', "An entry of 'inputs'")) return false;
        var seen = default(SeenNames);
        if (!cursor.IsEmpty((byte)'}'))
        {
            do
            {
                if (!cursor.ReadName(out var name)) return false;
                var ok = name switch
                {
                    _ when name.SequenceEqual("name"u8) => seen.Once(ref cursor, NameSlot, "name") && ReadName(ref cursor, input),
                    _ when name.SequenceEqual("datatype"u8) => seen.Once(ref cursor, TypeSlot, "datatype") && ReadType(ref cursor, input),
                    _ when name.SequenceEqual("shape"u8) => seen.Once(ref cursor, ShapeSlot, "shape") && ReadShape(ref cursor, input),
                    _ => cursor.Fail(Bad.Input("An entry of 'inputs' has an unknown property; here it takes name, datatype and shape, since nothing is run.")),
                };
                if (!ok) return false;
            }
            while (cursor.Next((byte)'}'));
        }

        if (cursor.Failure is not null) return false;
        var complete = seen.Has(NameSlot) && seen.Has(TypeSlot) && seen.Has(ShapeSlot);
        return complete || cursor.Fail(Bad.Input("An entry of 'inputs' lacks one of name, datatype and shape."));
    }

    private static bool ReadProperty(ref JsonCursor cursor, ReadOnlySpan<byte> name, InputDraft input, ref SeenNames seen, ref int dataAt, TensorPool pool)
    {
        if (name.SequenceEqual("data"u8)) return seen.Once(ref cursor, DataSlot, "data") && ReadOrKeepData(ref cursor, input, seen, ref dataAt, pool);
        if (name.SequenceEqual("name"u8)) return seen.Once(ref cursor, NameSlot, "name") && ReadName(ref cursor, input);
        if (name.SequenceEqual("datatype"u8)) return seen.Once(ref cursor, TypeSlot, "datatype") && ReadType(ref cursor, input);
        if (name.SequenceEqual("shape"u8)) return seen.Once(ref cursor, ShapeSlot, "shape") && ReadShape(ref cursor, input);
        if (name.SequenceEqual("parameters"u8)) return seen.Once(ref cursor, ParametersSlot, "parameters") && ReadParameters(ref cursor, input);
        return cursor.SkipValue();
    }

    private static bool ReadOrKeepData(ref JsonCursor cursor, InputDraft input, in SeenNames seen, ref int dataAt, TensorPool pool)
    {
        if (seen.Has(NameSlot) && seen.Has(TypeSlot) && seen.Has(ShapeSlot)) return TensorData.Read(ref cursor, input, pool);
        cursor.Peek();
        dataAt = cursor.Position;
        return cursor.SkipValue();
    }

    private static bool Complete(ref JsonCursor cursor, InputDraft input, in SeenNames seen, int dataAt, TensorPool pool)
    {
        if (!seen.Has(NameSlot)) return cursor.Fail(Bad.Input("An entry of 'inputs' has no name."));
        if (!seen.Has(TypeSlot)) return cursor.Fail(Bad.Input($"Tensor '{input.Name}' has no datatype; it is one of {string.Join(", ", TensorDataTypes.AllNames)}."));
        if (!seen.Has(ShapeSlot)) return cursor.Fail(Bad.Input($"Tensor '{input.Name}' has no shape."));
        if (input.ElementCount is null) return cursor.Fail(input.BadShape());
        if (seen.Has(DataSlot) && input.BinaryBytes is not null) return cursor.Fail(Bad.Input($"Tensor '{input.Name}' has both data and binary_data_size; send one."));
        if (!seen.Has(DataSlot) && input.BinaryBytes is null) return cursor.Fail(Bad.Input($"Tensor '{input.Name}' has neither data nor a binary_data_size."));
        if (input.BinaryBytes is { } bytes && input.CheckBinaryLength(bytes) is { } wrong) return cursor.Fail(wrong);
        if (dataAt < 0) return true;
        var after = cursor.Position;
        cursor.Position = dataAt;
        if (!TensorData.Read(ref cursor, input, pool)) return false;
        cursor.Position = after;
        return true;
    }

    private static bool ReadName(ref JsonCursor cursor, InputDraft input)
    {
        var ok = InferBody.ReadText(ref cursor, "name", out var name);
        input.Name = name ?? "";
        return ok && (input.Name.Length > 0 || cursor.Fail(Bad.Input("An input's name is empty.")));
    }

    private static bool ReadType(ref JsonCursor cursor, InputDraft input)
    {
        if (!cursor.ReadString($"datatype of tensor '{input.Name}'", out var text)) return false;
        if (TensorDataTypes.TryParse(text, out input.DataType)) return true;
        var came = Encoding.UTF8.GetString(text[..Math.Min(text.Length, 32)]);
        return cursor.Fail(Bad.Input($"Tensor '{input.Name}': datatype '{came}' is not known; it is one of {string.Join(", ", TensorDataTypes.AllNames)}."));
    }

    private static bool ReadShape(ref JsonCursor cursor, InputDraft input)
    {
        if (!cursor.Open((byte)'[', $"shape of tensor '{input.Name}'")) return false;
        Span<long> dims = stackalloc long[Limits.TensorRankMax];
        var rank = 0;
        if (!cursor.IsEmpty((byte)']'))
        {
            do
            {
                if (rank == dims.Length) return cursor.Fail(Bad.Input($"Tensor '{input.Name}' has more than {Limits.TensorRankMax} dimensions."));
                if (!ReadDimension(ref cursor, input, out dims[rank++])) return false;
            }
            while (cursor.Next((byte)']'));
        }

        input.Shape = new TensorShape(dims[..rank].ToArray());
        return cursor.Failure is null;
    }

    private static bool ReadDimension(ref JsonCursor cursor, InputDraft input, out long dim)
    {
        cursor.Peek();
        if (WholeReader<long>.Read(cursor.Text[cursor.Position..], out dim, out var length) != ElementOutcome.Read || dim < 0)
        {
            return cursor.Fail(Bad.Input($"Tensor '{input.Name}': each dimension of its shape must be a whole number of 0 or more; {cursor.DescribeNext()} came."));
        }

        cursor.Position += length;
        return true;
    }

    private static bool ReadParameters(ref JsonCursor cursor, InputDraft input)
    {
        if (!cursor.Open((byte)'{', $"'parameters' of tensor '{input.Name}'")) return false;
        if (cursor.IsEmpty((byte)'}')) return true;
        do
        {
            if (!ParameterReader.Read(ref cursor, out var name, out var value)) return false;
            if (SetParameter(input, name, value) is { } failure) return cursor.Fail(failure);
        }
        while (cursor.Next((byte)'}'));
        return cursor.Failure is null;
    }

    private static InferenceFailure? SetParameter(InputDraft input, string name, in ParameterValue value)
    {
        if (name != "binary_data_size") return SharedMemory.Check(name);
        if (input.BinaryBytes is not null) return Bad.Input($"Tensor '{input.Name}': binary_data_size is given twice.");
        if (value.Kind != ParameterKind.Whole || value.Whole < 0) return Bad.Input($"Tensor '{input.Name}': binary_data_size must be a whole number of 0 or more; {value} came.");
        input.BinaryBytes = value.Whole;
        return null;
    }
}
