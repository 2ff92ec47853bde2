using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Serialization;
using OrleansHybrid.Domain.Privacy;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Client;

/// <summary>A request as it is kept: a description, then its tensors' bytes. Written and read inside the seal alone.</summary>
internal sealed record DeferredPayload(
    string Id,
    string Model,
    int? Version,
    IReadOnlyList<string> Outputs,
    RouteMode? Mode,
    PrivacyCeiling? Privacy,
    long? LatencyTargetMs,
    long? MaxCostMicrousd,
    double? ConfidenceFloor,
    bool Explain,
    IReadOnlyDictionary<string, string> Tags,
    long? TimeoutMs,
    int Priority,
    int TopLabels,
    IReadOnlyList<DeferredTensor> Inputs)
{
    public static byte[] Write(InferenceRequest request, int topLabels)
    {
        var asked = request.Parameters;
        var described = JsonSerializer.SerializeToUtf8Bytes(
            new DeferredPayload(
                request.Id, request.Model, request.Version, request.Outputs, asked.Mode, asked.Privacy, asked.LatencyTargetMs, asked.MaxCostMicrousd, asked.ConfidenceFloor, asked.Explain,
                asked.Tags, (long?)request.Timeout?.TotalMilliseconds, request.Priority, topLabels,
                [.. request.Inputs.Select(i => new DeferredTensor(i.Name, i.DataType, i.Shape.ToArray(), i.Data.Length))]),
            DeferredPayloadJson.Default.DeferredPayload);
        var content = new byte[sizeof(int) + described.Length + request.InputBytes];
        BinaryPrimitives.WriteInt32LittleEndian(content, described.Length);
        described.CopyTo(content, sizeof(int));
        var rest = content.AsSpan(sizeof(int) + described.Length);
        foreach (var input in request.Inputs)
        {
            input.Data.Span.CopyTo(rest);
            rest = rest[input.Data.Length..];
        }

        return content;
    }

    /// <summary>The request again, with leases that the caller releases. The seal vouches for the content, so a form that does not fit is a bug.</summary>
    public static InferenceRequest Read(ReadOnlySpan<byte> content, TensorPool pool, out int topLabels)
    {
        var described = content.Slice(sizeof(int), BinaryPrimitives.ReadInt32LittleEndian(content));
        var kept = JsonSerializer.Deserialize(described, DeferredPayloadJson.Default.DeferredPayload)!;
        var rest = content[(sizeof(int) + described.Length)..];
        var inputs = new List<Tensor>();
        foreach (var input in kept.Inputs)
        {
            inputs.Add(new Tensor(input.Name, input.DataType, new TensorShape([.. input.Shape]), pool.Copy(rest[..input.Bytes])));
            rest = rest[input.Bytes..];
        }

        topLabels = kept.TopLabels;
        return new InferenceRequest(
            kept.Id, kept.Model, kept.Version, inputs, kept.Outputs,
            new RouteParameters(kept.Mode, kept.Privacy, kept.LatencyTargetMs, kept.MaxCostMicrousd, kept.ConfidenceFloor, kept.Explain, kept.Tags),
            Caller.Anonymous, kept.TimeoutMs is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null, kept.Priority);
    }
}

internal sealed record DeferredTensor(string Name, TensorDataType DataType, long[] Shape, int Bytes);

[JsonSerializable(typeof(DeferredPayload))]
internal sealed partial class DeferredPayloadJson : JsonSerializerContext;
