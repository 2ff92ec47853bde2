using Microsoft.AspNetCore.Http;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Gateway.Access;
using OrleansHybrid.Gateway.Answers;
using OrleansHybrid.Gateway.Failures;
using OrleansHybrid.Gateway.Hosting;
using OrleansHybrid.Gateway.Infer;
using OrleansHybrid.Gateway.Models;
using OrleansHybrid.Gateway.Telemetry;

namespace OrleansHybrid.Gateway.Rest;

/// <summary><c>POST /v2/models/{model}[/versions/{version}]/infer</c>: the hot path.</summary>
/// <remarks>Leases of the request are released when the service has answered and the answer is written; those of the answer likewise; both also when the caller goes away.</remarks>
internal sealed class InferEndpoint(IInferenceService service, ModelLookup models, GatewayOptions options, RequestIds ids, GatewayMetrics metrics, TimeProvider clock)
{
    private readonly InferBodyReader bodies = new(models, options.Pool);
    private readonly Func<InferenceResponse, string, IReadOnlyList<string>> labels =
        (response, output) => models.Labels(response.Provenance.Model, response.Provenance.Version, output);

    public async Task HandleAsync(HttpContext context, CallerIdentity identity)
    {
        var began = clock.GetTimestamp();
        var model = RouteText(context, "model");
        var exchange = new Exchange();
        try
        {
            var failure = await RunAsync(context, identity, model, exchange);
            exchange.Failure = failure?.Code;
            if (failure is not null) await FailureWriter.WriteAsync(context, failure);
        }
        catch
        {
            exchange.Failure = context.RequestAborted.IsCancellationRequested ? FailureCode.Cancelled : FailureCode.Internal;
            throw;
        }
        finally
        {
            metrics.Record("rest", model, models.IsKnown(model), exchange.Version, exchange.Failure, clock.GetElapsedTime(began), exchange.Received, exchange.Sent);
        }
    }

    private async ValueTask<InferenceFailure?> RunAsync(HttpContext context, CallerIdentity identity, string model, Exchange exchange)
    {
        var cancellation = context.RequestAborted;
        if (ModelLookup.ParseVersion(RouteText(context, "version"), out var version) is { } badVersion) return badVersion;
        if (CallerReader.Read(identity, context.Request.Headers, out var caller) is { } badCaller) return badCaller;
        if (RequestBody.Open(context.Request, options.RequestBytesMax, out var body) is { } badBody) return badBody;
        using var draft = new InferDraft();
        await using (body)
        {
            var failure = await bodies.ReadAsync(context.Request, body, model, version, draft, cancellation);
            exchange.Received = body.BytesRead;
            if (failure is not null) return failure;
        }

        if (HeaderParameters.MergeInto(draft.Parameters, context.Request.Headers) is { } badParameter) return badParameter;
        exchange.Version = version ?? 0;
        var id = draft.Id is { Length: > 0 } given ? given : ids.Next();
        var result = await service.InferAsync(draft.ToRequest(id, model, version, caller, null), cancellation);
        if (result.Response is not { } response) return result.Failure;
        try
        {
            exchange.Version = response.Provenance.Version;
            return await SendAsync(context, id, draft, response, exchange);
        }
        finally
        {
            foreach (var output in response.Outputs) output.Data.Release();
        }
    }

    private async ValueTask<InferenceFailure?> SendAsync(HttpContext context, string id, InferDraft draft, InferenceResponse response, Exchange exchange)
    {
        using var plan = new AnswerPlan();
        using var buffer = new AnswerBuffer();
        if (plan.Fill(draft, response, labels, options.Pool) is { } badOutput) return badOutput;
        if (AnswerJson.Write(buffer, id, response, plan) is { } failure) return failure;
        var timing = ServerTiming.Of(response.Times, options.Zone, response.Provenance.Zone);
        if (timing.Length > 0) context.Response.Headers[ProtocolHeaders.ServerTiming] = timing;
        exchange.Sent = await Answer.SendAsync(context, buffer.Written, plan);
        return null;
    }

    private static string RouteText(HttpContext context, string name) => context.Request.RouteValues[name] as string ?? "";

    /// <summary>What the metrics are told at the end.</summary>
    private sealed class Exchange
    {
        public FailureCode? Failure;
        public int Version;
        public long Received, Sent;
    }
}
