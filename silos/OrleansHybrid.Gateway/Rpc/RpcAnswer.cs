using System.Buffers.Binary;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Gateway.Answers;

namespace OrleansHybrid.Gateway.Rpc;

/// <summary>Writes <c>ModelInferResponse</c>: everything but the tensors' bytes into a buffer, those straight from their leases.</summary>
internal static class RpcAnswer
{
    private const int FrameBytes = 5;
    private const byte RawContentsTag = (6 << 3) | ProtoReader.BytesWire;

    /// <summary>Composes frame and message up to the raw contents, whose lengths the frame already counts. False when the message would pass gRPC's 4 GiB.</summary>
    public static bool Compose(AnswerBuffer buffer, string id, InferenceResponse response, AnswerPlan plan)
    {
        buffer.GetSpan(FrameBytes);
        buffer.Advance(FrameBytes);
        ProtoWriter.Text(buffer, 1, response.Provenance.Model);
        ProtoWriter.Text(buffer, 2, response.Provenance.Version.ToString(System.Globalization.CultureInfo.InvariantCulture));
        ProtoWriter.Text(buffer, 3, id);
        WriteParameters(buffer, response);
        foreach (var output in plan.Tensors) WriteTensor(buffer, output.Tensor);
        var total = RawBytes(plan) + (buffer.Count - FrameBytes);
        if (total > int.MaxValue) return false;
        var frame = buffer.Patch(0, FrameBytes);
        frame[0] = 0;
        BinaryPrimitives.WriteUInt32BigEndian(frame[1..], (uint)total);
        return true;
    }

    /// <summary>The field's tag and length before one tensor's bytes.</summary>
    public static void WriteRawPrefix(AnswerBuffer buffer, Tensor tensor)
    {
        buffer.Raw(RawContentsTag);
        ProtoWriter.Varint(buffer, (ulong)tensor.Data.Length);
    }

    private static long RawBytes(AnswerPlan plan)
    {
        long total = 0;
        foreach (var output in plan.Tensors) total += 1 + ProtoWriter.VarintBytes((ulong)output.Tensor.Data.Length) + output.Tensor.Data.Length;
        return total;
    }

    private static void WriteTensor(AnswerBuffer buffer, Tensor tensor)
    {
        var begin = ProtoWriter.Begin(buffer, 5);
        ProtoWriter.Text(buffer, 1, tensor.Name);
        ProtoWriter.Text(buffer, 2, tensor.DataType.WireName());
        if (tensor.Shape.Rank > 0)
        {
            var shape = ProtoWriter.Begin(buffer, 3);
            foreach (var dim in tensor.Shape.Dims) ProtoWriter.Varint(buffer, (ulong)dim);
            ProtoWriter.End(buffer, shape);
        }

        ProtoWriter.End(buffer, begin);
    }

    private static void WriteParameters(AnswerBuffer buffer, InferenceResponse response)
    {
        var from = response.Provenance;
        if (response.Label is { } label) Text(buffer, "label", label);
        Text(buffer, "zone", from.Zone.WireName());
        Text(buffer, "cell", from.Cell);
        Text(buffer, "node", from.Node);
        Text(buffer, "variant", from.Variant);
        Text(buffer, "model_digest", from.Digest);
        Whole(buffer, "policy_revision", 2, from.PolicyRevision);
        if (response.Confidence is { } confidence) Number(buffer, "confidence", confidence);
        Whole(buffer, "escalated", 1, response.Escalated ? 1 : 0);
        Whole(buffer, "degraded", 1, response.Degraded ? 1 : 0);
        Text(buffer, "reason", response.Reason);
        if (response.Plan is { } plan) Text(buffer, "plan", plan);
    }

    private static void Text(AnswerBuffer buffer, string name, string value)
    {
        var (entry, choice) = BeginEntry(buffer, name);
        ProtoWriter.Text(buffer, 3, value);
        ProtoWriter.End(buffer, choice);
        ProtoWriter.End(buffer, entry);
    }

    private static void Whole(AnswerBuffer buffer, string name, int field, long value)
    {
        var (entry, choice) = BeginEntry(buffer, name);
        ProtoWriter.Tag(buffer, field, ProtoReader.VarintWire);
        ProtoWriter.Varint(buffer, (ulong)value);
        ProtoWriter.End(buffer, choice);
        ProtoWriter.End(buffer, entry);
    }

    private static void Number(AnswerBuffer buffer, string name, double value)
    {
        var (entry, choice) = BeginEntry(buffer, name);
        ProtoWriter.Tag(buffer, 4, ProtoReader.Fixed64Wire);
        BinaryPrimitives.WriteDoubleLittleEndian(buffer.GetSpan(8), value);
        buffer.Advance(8);
        ProtoWriter.End(buffer, choice);
        ProtoWriter.End(buffer, entry);
    }

    private static (int Entry, int Choice) BeginEntry(AnswerBuffer buffer, string name)
    {
        var entry = ProtoWriter.Begin(buffer, 4);
        ProtoWriter.Text(buffer, 1, name);
        return (entry, ProtoWriter.Begin(buffer, 2));
    }
}
