using Microsoft.AspNetCore.Http;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Gateway.Access;
using OrleansHybrid.Gateway.Answers;
using OrleansHybrid.Gateway.Failures;
using OrleansHybrid.Gateway.Hosting;
using OrleansHybrid.Gateway.Models;
using OrleansHybrid.Gateway.Telemetry;

namespace OrleansHybrid.Gateway.Infer;

/// <summary>What REST and gRPC inference share: parameters, caller, the call of the service, the leases of the answer, the metrics.</summary>
internal sealed class InferCore(IInferenceService service, ModelLookup models, GatewayOptions options, GatewayMetrics metrics, TimeProvider clock)
{
    private readonly RequestIds ids = new();
    private readonly Func<InferenceResponse, string, IReadOnlyList<string>> labels =
        (response, output) => models.Labels(response.Provenance.Model, response.Provenance.Version, output);

    public GatewayOptions Options => options;

    public ModelLookup Models => models;

    /// <summary>Sends an answer over its transport; null on success.</summary>
    public delegate ValueTask<InferenceFailure?> Sender(HttpContext context, string id, InferenceResponse response, AnswerPlan plan, Exchange exchange);

    /// <summary>Runs a request that was read. Every lease of the answer is released when <paramref name="send"/> is done, failed or thrown out.</summary>
    public async ValueTask<InferenceFailure?> RunAsync(
        HttpContext context, CallerIdentity identity, InferDraft draft, int? version, TimeSpan? timeLeft, Exchange exchange, Sender send)
    {
        var headers = context.Request.Headers;
        if (CallerReader.Read(identity, headers, out var caller) is { } badCaller) return badCaller;
        if (HeaderParameters.MergeInto(draft.Parameters, headers) is { } badParameter) return badParameter;
        exchange.Version = version ?? 0;
        var id = draft.Id is { Length: > 0 } given ? given : ids.Next();
        var result = await service.InferAsync(draft.ToRequest(id, exchange.Model, version, caller, timeLeft), context.RequestAborted);
        if (result.Response is not { } response) return result.Failure;
        try
        {
            exchange.Version = response.Provenance.Version;
            using var plan = new AnswerPlan();
            return plan.Fill(draft, response, labels, options.Pool) ?? await send(context, id, response, plan, exchange);
        }
        finally
        {
            foreach (var output in response.Outputs) output.Data.Release();
        }
    }

    /// <summary>Runs <paramref name="body"/>, tells the metrics how it ended and passes its failure on.</summary>
    public async ValueTask<InferenceFailure?> MeasureAsync(string protocol, HttpContext context, Exchange exchange, Func<ValueTask<InferenceFailure?>> body)
    {
        var began = clock.GetTimestamp();
        try
        {
            var failure = await body();
            exchange.Failure = failure?.Code;
            return failure;
        }
        catch (Exception wrong)
        {
            exchange.Failure = Reading.FailureOf(wrong, context.RequestAborted).Code;
            throw;
        }
        finally
        {
            metrics.Record(protocol, exchange.Model, models.IsKnown(exchange.Model), exchange.Version, exchange.Failure, clock.GetElapsedTime(began), exchange.Received, exchange.Sent);
        }
    }
}
