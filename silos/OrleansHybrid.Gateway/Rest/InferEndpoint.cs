using Microsoft.AspNetCore.Http;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Gateway.Access;
using OrleansHybrid.Gateway.Answers;
using OrleansHybrid.Gateway.Failures;
using OrleansHybrid.Gateway.Infer;
using OrleansHybrid.Gateway.Models;

namespace OrleansHybrid.Gateway.Rest;

/// <summary><c>POST /v2/models/{model}[/versions/{version}]/infer</c>: the hot path.</summary>
/// <remarks>Leases of the request are released when the service has answered and the answer is written; also when the caller goes away.</remarks>
internal sealed class InferEndpoint(InferCore core)
{
    private readonly InferBodyReader bodies = new(core.Models, core.Options.Pool);

    public async Task HandleAsync(HttpContext context, CallerIdentity identity)
    {
        var exchange = new Exchange { Model = RouteText.Of(context, "model") };
        var failure = await core.MeasureAsync("rest", context, exchange, () => RunAsync(context, identity, exchange));
        if (failure is not null) await FailureWriter.WriteAsync(context, failure);
    }

    private async ValueTask<InferenceFailure?> RunAsync(HttpContext context, CallerIdentity identity, Exchange exchange)
    {
        if (ModelLookup.ParseVersion(RouteText.Of(context, "version"), out var version) is { } badVersion) return badVersion;
        if (core.Models.FindModel(exchange.Model, out _) is { } unknown) return unknown;
        if (RequestBody.Open(context.Request, core.Options.RequestBytesMax, out var body) is { } badBody) return badBody;
        using var draft = new InferDraft();
        await using (body)
        {
            var failure = await bodies.ReadAsync(context.Request, body, exchange.Model, version, draft, context.RequestAborted);
            exchange.Received = body.BytesRead;
            if (failure is not null) return failure;
        }

        return await core.RunAsync(context, identity, draft, version, null, exchange, SendAsync);
    }

    private async ValueTask<InferenceFailure?> SendAsync(HttpContext context, string id, InferenceResponse response, AnswerPlan plan, Exchange exchange)
    {
        using var buffer = new AnswerBuffer();
        if (AnswerJson.Write(buffer, id, response, plan) is { } failure) return failure;
        var timing = ServerTiming.Of(response.Times, core.Options.Zone, response.Provenance.Zone);
        if (timing.Length > 0) context.Response.Headers[ProtocolHeaders.ServerTiming] = timing;
        exchange.Sent = await Answer.SendAsync(context, buffer.Written, plan);
        return null;
    }
}
