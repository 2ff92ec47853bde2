using System.Buffers.Binary;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Links.Protocol;

namespace OrleansHybrid.Links.Upstreams;

/// <summary>Reads the tensors of an answer from a server that nobody trusts: every count is checked before memory is taken for it.</summary>
internal static class AnswerTensors
{
    /// <summary>The outputs, whose leases belong to the caller; null with what is wrong, and then no lease is left.</summary>
    public static IReadOnlyList<Tensor>? TryRead(ModelInferResponse answer, UpstreamRequest request, TensorPool pool, out string error)
    {
        error = CheckList(answer, request);
        if (error.Length > 0) return null;
        var read = new List<Tensor>(answer.Outputs.Count);
        for (var i = 0; i < answer.Outputs.Count; i++)
        {
            var raw = answer.RawOutputContents.Count > 0 ? answer.RawOutputContents[i] : null;
            if (TryRead(answer.Outputs[i], raw, pool, out error) is { } tensor)
            {
                read.Add(tensor);
                continue;
            }

            foreach (var taken in read) taken.Data.Release();
            return null;
        }

        return read;
    }

    private static string CheckList(ModelInferResponse answer, UpstreamRequest request)
    {
        var outputs = answer.Outputs;
        if (outputs.Count is 0 or > Limits.TensorsPerRequestMax) return $"sent {outputs.Count} output tensors";
        var raw = answer.RawOutputContents.Count;
        if (raw > 0 && raw != outputs.Count) return $"sent {raw} raw contents for {outputs.Count} output tensors";
        var names = new HashSet<string>(outputs.Count, StringComparer.Ordinal);
        foreach (var output in outputs)
        {
            if (output.Name.Length is 0 or > Limits.NameCharsMax) return $"sent an output tensor with a name of {output.Name.Length} characters";
            if (!names.Add(output.Name)) return $"sent the output tensor '{output.Name}' twice";
        }

        foreach (var wanted in request.Outputs)
        {
            if (!names.Contains(wanted)) return $"did not send the output tensor '{wanted}' that was asked for";
        }

        return "";
    }

    private static Tensor? TryRead(ModelInferResponse.Types.InferOutputTensor output, Google.Protobuf.ByteString? raw, TensorPool pool, out string error)
    {
        error = $"sent the output tensor '{output.Name}' with the unknown element type '{Cut(output.Datatype)}'";
        if (!TensorDataTypes.TryParse(output.Datatype.AsSpan(), out var type)) return null;

        error = $"sent the output tensor '{output.Name}' with a shape of {output.Shape.Count} dimensions that holds no countable number of elements";
        if (output.Shape.Count > Limits.TensorRankMax) return null;
        var shape = new TensorShape([.. output.Shape]);
        if (shape.ElementCount is not { } elements) return null;

        error = $"sent the output tensor '{output.Name}' of {type.WireName()} {shape} with content that does not fit it";
        var lease = raw is null ? TypedContents.TryRead(output.Contents ?? new InferTensorContents(), type, elements, pool) : FromRaw(raw.Span, type, elements, pool);
        if (lease is null) return null;
        error = "";
        return new Tensor(output.Name, type, shape, lease);
    }

    private static TensorLease? FromRaw(ReadOnlySpan<byte> raw, TensorDataType type, long elements, TensorPool pool)
    {
        var fits = type == TensorDataType.Bytes ? CountStrings(raw) == elements : (UInt128)elements * (uint)type.ElementBytes() == (uint)raw.Length;
        return fits ? pool.Copy(raw) : null;
    }

    /// <summary>How many length-prefixed strings fill <paramref name="raw"/> exactly; -1 when they do not.</summary>
    private static long CountStrings(ReadOnlySpan<byte> raw)
    {
        long count = 0;
        while (raw.Length > 0)
        {
            if (raw.Length < sizeof(uint)) return -1;
            var length = BinaryPrimitives.ReadUInt32LittleEndian(raw);
            raw = raw[sizeof(uint)..];
            if (length > (uint)raw.Length) return -1;
            raw = raw[(int)length..];
            count++;
        }

        return count;
    }

    private static string Cut(string text) => text.Length <= 16 ? text : text[..16];
}
