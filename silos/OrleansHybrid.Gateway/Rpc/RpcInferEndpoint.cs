using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Gateway.Access;
using OrleansHybrid.Gateway.Answers;
using OrleansHybrid.Gateway.Failures;
using OrleansHybrid.Gateway.Infer;
using OrleansHybrid.Gateway.Models;
using OrleansHybrid.Gateway.Rest;

namespace OrleansHybrid.Gateway.Rpc;

/// <summary>The RPC <c>ModelInfer</c>, spoken over HTTP/2 directly.</summary>
/// <remarks>
/// The gRPC library would parse a message before anybody is authenticated, hold tensors in objects of its own, and give no moment at which leases are surely released. The other RPCs
/// are small and go through it.
/// </remarks>
internal sealed class RpcInferEndpoint(InferCore core, CallerGate gate, ILogger<RpcInferEndpoint> log)
{
    public const string Route = "/inference.GRPCInferenceService/ModelInfer";

    /// <summary>The Server-Timing of REST, in the spelling that HTTP/2 asks for.</summary>
    private const string TimingTrailer = "server-timing";

    /// <summary>Tensors above this are sent as they are written; smaller ones go out together.</summary>
    private const int FlushFromBytes = 64 << 10;

    public async Task HandleAsync(HttpContext context)
    {
        if (!HttpProtocol.IsHttp2(context.Request.Protocol) || context.Request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) != true)
        {
            await FailureWriter.WriteAsync(context, StatusCodes.Status415UnsupportedMediaType, "This route takes gRPC over HTTP/2; REST inference is at /v2/models/{model}/infer.");
            return;
        }

        var exchange = new Exchange();
        try
        {
            var failure = await core.MeasureAsync("grpc", context, exchange, () => RunAsync(context, exchange));
            if (failure is not null) RpcStatus.WriteOnly(context.Response, failure);
        }
        catch (Exception wrong)
        {
            End(context, wrong);
        }
    }

    private void End(HttpContext context, Exception wrong)
    {
        var failure = Reading.FailureOf(wrong, context.RequestAborted);
        if (failure.Code == FailureCode.Internal) log.LogError(wrong, "ModelInfer failed by a bug");
        if (context.Response.HasStarted) context.Abort();
        else RpcStatus.WriteOnly(context.Response, failure);
    }

    private async ValueTask<InferenceFailure?> RunAsync(HttpContext context, Exchange exchange)
    {
        var (identity, refused) = await gate.AdmitAsync(context, CallerRoles.Infer);
        if (identity is null) return refused;
        using var draft = new InferDraft();
        var message = new RpcInferMessage(draft, core.Options.Pool);
        var (failure, bytes) = await RpcFrame.ReadAsync(context.Request, core.Options.Pool, core.Options.RequestBytesMax, message.Read, context.RequestAborted);
        (exchange.Received, exchange.Model) = (bytes, message.Model);
        if (failure is not null) return failure;
        if (ModelLookup.ParseVersion(message.Version, out var version) is { } badVersion) return badVersion;
        var timeLeft = GrpcTimeout.Parse(context.Request.Headers[ProtocolHeaders.GrpcTimeout]);
        return await core.RunAsync(context, identity, draft, version, timeLeft, exchange, SendAsync);
    }

    private async ValueTask<InferenceFailure?> SendAsync(HttpContext context, string id, InferenceResponse response, AnswerPlan plan, Exchange exchange)
    {
        using var buffer = new AnswerBuffer();
        if (!RpcAnswer.Compose(buffer, id, response, plan)) return new InferenceFailure(FailureCode.TooLarge, "The answer passes 2 GiB; ask for fewer rows or outputs.");
        var (http, aborted) = (context.Response, context.RequestAborted);
        http.ContentType = "application/grpc";
        var body = http.BodyWriter;
        foreach (var output in plan.Tensors)
        {
            RpcAnswer.WriteRawPrefix(buffer, output.Tensor);
            body.Write(buffer.Written.Span);
            exchange.Sent += buffer.Count + output.Tensor.Data.Length;
            buffer.Clear();
            body.Write(output.Tensor.Data.Span);
            if (output.Tensor.Data.Length >= FlushFromBytes) await body.FlushAsync(aborted);
        }

        if (buffer.Count > 0) body.Write(buffer.Written.Span);
        http.AppendTrailer("grpc-status", "0");
        var timing = ServerTiming.Of(response.Times, core.Options.Zone, response.Provenance.Zone);
        if (timing.Length > 0) http.AppendTrailer(TimingTrailer, timing);
        await body.FlushAsync(aborted);
        return null;
    }
}
