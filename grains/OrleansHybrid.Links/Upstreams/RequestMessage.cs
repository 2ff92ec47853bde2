using System.Globalization;
using Google.Protobuf;
using OrleansHybrid.Domain.Privacy;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Links.Protocol;

namespace OrleansHybrid.Links.Upstreams;

/// <summary>Builds the protocol's message around the leased bytes, without copying them.</summary>
internal static class RequestMessage
{
    /// <summary>The message is valid only while every lease of the request is held.</summary>
    public static ModelInferRequest Build(UpstreamRequest request, TimeSpan timeLeft)
    {
        var message = new ModelInferRequest
        {
            Id = request.RequestId,
            ModelName = request.Model,
            ModelVersion = request.Version > 0 ? request.Version.ToString(CultureInfo.InvariantCulture) : "",
        };
        foreach (var input in request.Inputs) AddInput(message, input);
        foreach (var name in request.Outputs) message.Outputs.Add(new ModelInferRequest.Types.InferRequestedOutputTensor { Name = name });
        AddParameters(message, request, timeLeft);
        return message;
    }

    private static void AddInput(ModelInferRequest message, Tensor input)
    {
        var head = new ModelInferRequest.Types.InferInputTensor { Name = input.Name, Datatype = input.DataType.WireName() };
        foreach (var dim in input.Shape.Dims) head.Shape.Add(dim);
        message.Inputs.Add(head);
        message.RawInputContents.Add(UnsafeByteOperations.UnsafeWrap(input.Data.Memory));
    }

    private static void AddParameters(ModelInferRequest message, UpstreamRequest request, TimeSpan timeLeft)
    {
        var parameters = message.Parameters;
        parameters[WireNames.Privacy] = new InferParameter { StringParam = request.Ceiling.WireName() };
        parameters[WireNames.Timeout] = new InferParameter { Int64Param = Math.Max((long)timeLeft.TotalMicroseconds, 1) };
        if (request.ConfidenceFloor is { } floor) parameters[WireNames.ConfidenceFloor] = new InferParameter { DoubleParam = floor };
        if (request.MaxCostMicrousd is { } cost) parameters[WireNames.MaxCostMicrousd] = new InferParameter { Int64Param = cost };
        if (request.Priority > 0) parameters[WireNames.Priority] = new InferParameter { Int64Param = request.Priority };
        foreach (var (name, value) in request.Tags) parameters[WireNames.TagPrefix + name] = new InferParameter { StringParam = value };
    }
}
