using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Gateway.Answers;

/// <summary>Writes the protocol's inference response object.</summary>
internal static class AnswerJson
{
    public static InferenceFailure? Write(AnswerBuffer buffer, string id, InferenceResponse response, AnswerPlan plan)
    {
        var from = response.Provenance;
        buffer.Raw("{\"id\":"u8);
        buffer.Text(id);
        buffer.Raw(",\"model_name\":"u8);
        buffer.Text(from.Model);
        buffer.Raw(",\"model_version\":\""u8);
        buffer.Number(from.Version);
        buffer.Raw("\",\"parameters\":{"u8);
        WriteParameters(buffer, response);
        buffer.Raw("},\"outputs\":["u8);
        for (var i = 0; i < plan.Tensors.Count; i++)
        {
            if (i > 0) buffer.Raw((byte)',');
            if (WriteTensor(buffer, plan.Tensors[i]) is { } failure) return failure;
        }

        buffer.Raw("]}"u8);
        return null;
    }

    private static void WriteParameters(AnswerBuffer buffer, InferenceResponse response)
    {
        var from = response.Provenance;
        if (response.Label is { } label) Text(buffer, "\"label\":"u8, label);
        Text(buffer, "\"zone\":"u8, from.Zone.WireName());
        Text(buffer, "\"cell\":"u8, from.Cell);
        Text(buffer, "\"node\":"u8, from.Node);
        Text(buffer, "\"variant\":"u8, from.Variant);
        Text(buffer, "\"model_digest\":"u8, from.Digest);
        buffer.Raw("\"policy_revision\":"u8);
        buffer.Number(from.PolicyRevision);
        if (response.Confidence is { } confidence && double.IsFinite(confidence))
        {
            buffer.Raw(",\"confidence\":"u8);
            buffer.Number(confidence);
        }

        buffer.Raw(response.Escalated ? ",\"escalated\":true"u8 : ",\"escalated\":false"u8);
        buffer.Raw(response.Degraded ? ",\"degraded\":true"u8 : ",\"degraded\":false"u8);
        buffer.Raw(",\"reason\":"u8);
        buffer.Text(response.Reason);
        if (response.Plan is null) return;
        buffer.Raw(",\"plan\":"u8);
        buffer.Text(response.Plan);
    }

    private static void Text(AnswerBuffer buffer, ReadOnlySpan<byte> name, string value)
    {
        buffer.Raw(name);
        buffer.Text(value);
        buffer.Raw((byte)',');
    }

    private static InferenceFailure? WriteTensor(AnswerBuffer buffer, in AnswerTensor output)
    {
        var tensor = output.Tensor;
        buffer.Raw("{\"name\":"u8);
        buffer.Text(tensor.Name);
        buffer.Raw(",\"datatype\":\""u8);
        buffer.Raw(System.Text.Encoding.ASCII.GetBytes(tensor.DataType.WireName()));
        buffer.Raw("\",\"shape\":["u8);
        var dims = tensor.Shape.Dims;
        for (var i = 0; i < dims.Length; i++)
        {
            if (i > 0) buffer.Raw((byte)',');
            buffer.Number(dims[i]);
        }

        buffer.Raw((byte)']');
        var failure = WriteContent(buffer, output);
        buffer.Raw((byte)'}');
        return failure;
    }

    private static InferenceFailure? WriteContent(AnswerBuffer buffer, in AnswerTensor output)
    {
        if (!output.Binary)
        {
            buffer.Raw(",\"data\":"u8);
            return TensorJson.Write(buffer, output.Tensor);
        }

        buffer.Raw(",\"parameters\":{\"binary_data_size\":"u8);
        buffer.Number(output.Tensor.Data.Length);
        buffer.Raw((byte)'}');
        return null;
    }
}
