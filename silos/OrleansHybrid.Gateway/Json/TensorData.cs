using System.Buffers.Binary;
using System.Runtime.InteropServices;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Gateway.Failures;
using OrleansHybrid.Gateway.Infer;

namespace OrleansHybrid.Gateway.Json;

/// <summary>Reads a tensor's <c>data</c> from JSON straight into a lease of its own.</summary>
internal static class TensorData
{
    /// <summary>Reads the data at the cursor. Name, type and shape of the draft must be known.</summary>
    public static bool Read(ref JsonCursor cursor, InputDraft draft, TensorPool pool)
    {
        if (draft.ElementCount is not { } count) return cursor.Fail(draft.BadShape());
        if (cursor.Peek() != '[') return cursor.Fail(Bad.Input($"Tensor '{draft.Name}': data must be an array; {cursor.DescribeNext()} came."));

        // Each element takes a byte and a comma at least, so a shape that promises more than the body can hold costs no memory.
        if (count > (cursor.Text.Length - cursor.Position + 1) / 2) return FailShort(ref cursor, draft, count);
        return draft.DataType switch
        {
            TensorDataType.Bool => Fill<byte, TruthReader>(ref cursor, draft, pool, (int)count),
            TensorDataType.Uint8 => Fill<byte, WholeReader<byte>>(ref cursor, draft, pool, (int)count),
            TensorDataType.Uint16 => Fill<ushort, WholeReader<ushort>>(ref cursor, draft, pool, (int)count),
            TensorDataType.Uint32 => Fill<uint, WholeReader<uint>>(ref cursor, draft, pool, (int)count),
            TensorDataType.Uint64 => Fill<ulong, WholeReader<ulong>>(ref cursor, draft, pool, (int)count),
            TensorDataType.Int8 => Fill<sbyte, WholeReader<sbyte>>(ref cursor, draft, pool, (int)count),
            TensorDataType.Int16 => Fill<short, WholeReader<short>>(ref cursor, draft, pool, (int)count),
            TensorDataType.Int32 => Fill<int, WholeReader<int>>(ref cursor, draft, pool, (int)count),
            TensorDataType.Int64 => Fill<long, WholeReader<long>>(ref cursor, draft, pool, (int)count),
            TensorDataType.Fp32 => Fill<float, FloatReader>(ref cursor, draft, pool, (int)count),
            TensorDataType.Fp64 => Fill<double, DoubleReader>(ref cursor, draft, pool, (int)count),
            TensorDataType.Bytes => FillStrings(ref cursor, draft, pool, (int)count),
            _ => cursor.Fail(Bad.Input($"Tensor '{draft.Name}': {draft.DataType.WireName()} has no JSON form; send it as binary tensor data.")),
        };
    }

    private static bool Fill<T, TReader>(ref JsonCursor cursor, InputDraft draft, TensorPool pool, int count)
        where T : unmanaged
        where TReader : struct, IElementReader<T>
    {
        var bytes = (long)count * System.Runtime.CompilerServices.Unsafe.SizeOf<T>();
        if (bytes > Limits.RequestBytesMax) return cursor.Fail(Bad.TooLarge(bytes));
        draft.Data = pool.Rent((int)bytes);
        var walk = new TensorWalk(draft, count);
        var target = MemoryMarshal.Cast<byte, T>(draft.Data.Span);
        var text = cursor.Text;
        while (walk.ToElement(ref cursor))
        {
            var outcome = TReader.Read(text[cursor.Position..], out var value, out var length);
            if (outcome != ElementOutcome.Read) return FailElement(ref cursor, draft, walk.Count, outcome, length);
            if (walk.Count < target.Length) target[(int)walk.Count] = value;
            cursor.Position += length;
            walk.Count++;
        }

        return walk.Finish(ref cursor);
    }

    /// <summary>BYTES: each string as a 4-byte length and its UTF-8. The size is known only at the end, so the text's own length bounds the lease.</summary>
    private static bool FillStrings(ref JsonCursor cursor, InputDraft draft, TensorPool pool, int count)
    {
        if (!Measure(cursor, out var length)) return cursor.SkipValue();
        using var scratch = pool.Rent((int)Math.Min(Limits.RequestBytesMax, length + (4L * count)));
        var target = scratch.Span;
        var walk = new TensorWalk(draft, count);
        var written = 0;
        while (walk.ToElement(ref cursor))
        {
            if (cursor.Peek() != '"') return FailElement(ref cursor, draft, walk.Count, ElementOutcome.WrongKind, 0);
            if (!cursor.ReadString("A BYTES element", out var element)) return false;
            if (written + 4 + element.Length > target.Length) return FailTooMany(ref cursor, draft, count);
            BinaryPrimitives.WriteInt32LittleEndian(target[written..], element.Length);
            element.CopyTo(target[(written + 4)..]);
            written += 4 + element.Length;
            walk.Count++;
        }

        if (!walk.Finish(ref cursor)) return false;
        draft.Data = pool.Copy(target[..written]);
        return true;
    }

    private static bool Measure(JsonCursor cursor, out int length)
    {
        var begin = cursor.Position;
        var whole = cursor.SkipValue();
        length = cursor.Position - begin;
        return whole;
    }

    private static bool FailElement(ref JsonCursor cursor, InputDraft draft, long index, ElementOutcome outcome, int length)
    {
        var type = draft.DataType.WireName();
        if (outcome == ElementOutcome.OutOfRange)
        {
            var number = System.Text.Encoding.UTF8.GetString(cursor.Text.Slice(cursor.Position, Math.Min(length, 40)));
            return cursor.Fail(Bad.Input($"Tensor '{draft.Name}': element {index} is {number}, which {type} cannot hold."));
        }

        var expected = draft.DataType switch
        {
            TensorDataType.Bool => "true or false",
            TensorDataType.Bytes => "a string",
            TensorDataType.Fp32 or TensorDataType.Fp64 => "a number",
            _ => "a whole number",
        };
        var came = cursor.DescribeNext();
        if (came == "a number" && expected == "a whole number") came = "a number with a fraction or an exponent, or not in JSON's form";
        if (came == expected) came = "one that is not in JSON's form";
        return cursor.Fail(Bad.Input($"Tensor '{draft.Name}': element {index} must be {expected} ({type}); {came} came."));
    }

    private static bool FailTooMany(ref JsonCursor cursor, InputDraft draft, long count) => cursor.Fail(Bad.Input(
        $"Tensor '{draft.Name}': shape {draft.Shape} takes {count} elements; more came."));

    private static bool FailShort(ref JsonCursor cursor, InputDraft draft, long count) => cursor.Fail(Bad.Input(
        $"Tensor '{draft.Name}': shape {draft.Shape} takes {count} elements; the body is too short to hold as many."));
}
