using System.Globalization;
using Grpc.Core;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Gateway.Access;
using OrleansHybrid.Gateway.Hosting;
using OrleansHybrid.Gateway.Infer;
using OrleansHybrid.Gateway.Models;
using OrleansHybrid.Links.Protocol;

namespace OrleansHybrid.Gateway.Rpc;

/// <summary>Every RPC of the protocol but <c>ModelInfer</c>, which <see cref="RpcInferEndpoint"/> answers.</summary>
internal sealed class OpenInferenceService(GatewayOptions options, ModelLookup models, Statistics statistics, RepositoryChanges changes, CallerGate gate)
    : GRPCInferenceService.GRPCInferenceServiceBase
{
    private const CallerRoles Readers = CallerRoles.Viewer | CallerRoles.Infer;

    public override Task<ServerLiveResponse> ServerLive(ServerLiveRequest request, ServerCallContext context) =>
        Task.FromResult(new ServerLiveResponse { Live = true });

    public override Task<ServerReadyResponse> ServerReady(ServerReadyRequest request, ServerCallContext context) =>
        Task.FromResult(new ServerReadyResponse { Ready = options.IsReady() });

    public override async Task<ModelReadyResponse> ModelReady(ModelReadyRequest request, ServerCallContext context)
    {
        await AdmitAsync(context, Readers);
        Throw(ModelLookup.ParseVersion(request.Version, out var number));
        Throw(models.FindVersion(request.Name, number, out _, out var version));
        return new ModelReadyResponse { Ready = version.State == VersionState.Ready };
    }

    public override async Task<ServerMetadataResponse> ServerMetadata(ServerMetadataRequest request, ServerCallContext context)
    {
        await AdmitAsync(context, Readers);
        return new ServerMetadataResponse { Name = options.ServerName, Version = options.ServerVersion, Extensions = { options.AnnouncedExtensions } };
    }

    public override async Task<ModelMetadataResponse> ModelMetadata(ModelMetadataRequest request, ServerCallContext context)
    {
        await AdmitAsync(context, Readers);
        var (entry, manifest) = Find(request.Name, request.Version);
        return new ModelMetadataResponse
        {
            Name = entry.Name,
            Versions = { entry.Versions.Where(v => v.State == VersionState.Ready).Select(v => v.Version.ToString(CultureInfo.InvariantCulture)) },
            Platform = ModelConfigs.Platform,
            Inputs = { manifest.Inputs.Select(Describe) },
            Outputs = { manifest.Outputs.Select(Describe) },
        };
    }

    public override async Task<ModelConfigResponse> ModelConfig(ModelConfigRequest request, ServerCallContext context)
    {
        await AdmitAsync(context, Readers);
        var (entry, manifest) = Find(request.Name, request.Version);
        return new ModelConfigResponse { Config = ModelConfigs.Make(entry, manifest) };
    }

    public override async Task<ModelStatisticsResponse> ModelStatistics(ModelStatisticsRequest request, ServerCallContext context)
    {
        await AdmitAsync(context, Readers);
        Throw(ModelLookup.ParseVersion(request.Version, out var version));
        Throw(statistics.Read(request.Name, version, out var rows));
        return new ModelStatisticsResponse { ModelStats = { rows } };
    }

    public override async Task<RepositoryIndexResponse> RepositoryIndex(RepositoryIndexRequest request, ServerCallContext context)
    {
        await AdmitAsync(context, Readers);
        var response = new RepositoryIndexResponse();
        foreach (var row in Models.RepositoryIndex.Rows(models.State, request.Ready))
        {
            response.Models.Add(new RepositoryIndexResponse.Types.ModelIndex
            {
                Name = row.Name, Version = row.Version.ToString(CultureInfo.InvariantCulture), State = row.State, Reason = row.Reason,
            });
        }

        return response;
    }

    public override async Task<RepositoryModelLoadResponse> RepositoryModelLoad(RepositoryModelLoadRequest request, ServerCallContext context)
    {
        var author = await AuthorAsync(context);
        Throw(await changes.LoadAsync(request.ModelName, Version(request.Parameters), author, context.CancellationToken));
        return new RepositoryModelLoadResponse();
    }

    public override async Task<RepositoryModelUnloadResponse> RepositoryModelUnload(RepositoryModelUnloadRequest request, ServerCallContext context)
    {
        var author = await AuthorAsync(context);
        Throw(await changes.UnloadAsync(request.ModelName, Version(request.Parameters), author, context.CancellationToken));
        return new RepositoryModelUnloadResponse();
    }

    public override Task ModelStreamInfer(IAsyncStreamReader<ModelInferRequest> requests, IServerStreamWriter<ModelStreamInferResponse> responses, ServerCallContext context) =>
        throw new RpcException(new Status(
            StatusCode.Unimplemented, "ModelStreamInfer is not served: every request is routed by itself and has one answer. Call ModelInfer; HTTP/2 carries many calls at once."));

    private async ValueTask AdmitAsync(ServerCallContext context, CallerRoles needed) =>
        Throw((await gate.AdmitAsync(context.GetHttpContext(), needed)).Failure);

    private async ValueTask<ChangeAuthor> AuthorAsync(ServerCallContext context)
    {
        var (identity, failure) = await gate.AdmitAsync(context.GetHttpContext(), CallerRoles.Operator);
        Throw(failure);
        return ChangeAuthor.Of(context.GetHttpContext(), identity!);
    }

    private (ModelEntry Entry, ModelManifest Manifest) Find(string model, string text)
    {
        Throw(ModelLookup.ParseVersion(text, out var number));
        Throw(models.FindVersion(model, number, out var entry, out var version));
        if (version.Manifest is null) Throw(ModelLookup.NotReady(model, version.Version));
        return (entry, version.Manifest!);
    }

    private static int? Version(IEnumerable<KeyValuePair<string, ModelRepositoryParameter>> parameters)
    {
        int? version = null;
        foreach (var (name, value) in parameters)
        {
            Throw(RepositoryChanges.Set(ref version, name, value.ParameterChoiceCase switch
            {
                ModelRepositoryParameter.ParameterChoiceOneofCase.StringParam => ParameterValue.Of(value.StringParam),
                ModelRepositoryParameter.ParameterChoiceOneofCase.Int64Param => ParameterValue.Of(value.Int64Param),
                ModelRepositoryParameter.ParameterChoiceOneofCase.BoolParam => ParameterValue.Of(value.BoolParam),
                _ => new ParameterValue(ParameterKind.Other),
            }));
        }

        return version;
    }

    private static ModelMetadataResponse.Types.TensorMetadata Describe(TensorSpec spec) =>
        new() { Name = spec.Name, Datatype = spec.DataType.WireName(), Shape = { spec.Shape.ToArray() } };

    private static void Throw(InferenceFailure? failure)
    {
        if (failure is not null) throw RpcStatus.Exception(failure);
    }
}
