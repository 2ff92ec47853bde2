using Google.Protobuf;
using Grpc.Core;
using OrleansHybrid.Domain;
using OrleansHybrid.EndToEnd.Tests.Harness;
using OrleansHybrid.EndToEnd.Tests.Links;
using OrleansHybrid.Links.Protocol;
using OrleansHybrid.Links.Upstreams;

namespace OrleansHybrid.EndToEnd.Tests.Client;

/// <summary>A recording server that answers the keyword model as a cell of a zone would: always the same word, surely.</summary>
internal static class CellAbove
{
    public const string Label = "open";

    private static readonly string[] Labels = File.ReadAllLines(Path.Combine(RepositoryRoot.SampleModels, Clips.Model, "1", "labels.txt"));

    public static async Task<RecordingServer> StartAsync(Zone zone = Zone.Cloud, int port = 0)
    {
        var server = await RecordingServer.StartAsync(port);
        server.Extensions = [.. ServerStatement.Extensions("central", zone, "silo-1")];
        server.Answer = (request, _) => Task.FromResult(Answer(request, zone));
        return server;
    }

    public static Task<ModelInferResponse> Refuse(StatusCode status) => throw new RpcException(new Status(status, "no"));

    private static ModelInferResponse Answer(ModelInferRequest request, Zone zone)
    {
        var probabilities = new float[Labels.Length];
        probabilities[Array.IndexOf(Labels, Label)] = 0.99f;
        var bytes = new byte[Labels.Length * sizeof(float)];
        Buffer.BlockCopy(probabilities, 0, bytes, 0, bytes.Length);
        return new ModelInferResponse
        {
            ModelName = request.ModelName,
            ModelVersion = request.ModelVersion,
            Outputs = { new ModelInferResponse.Types.InferOutputTensor { Name = "probabilities", Datatype = "FP32", Shape = { 1, Labels.Length } } },
            RawOutputContents = { ByteString.CopyFrom(bytes) },
            Parameters =
            {
                [WireNames.Zone] = new InferParameter { StringParam = zone.WireName() },
                [WireNames.Cell] = new InferParameter { StringParam = "central" },
            },
        };
    }
}
