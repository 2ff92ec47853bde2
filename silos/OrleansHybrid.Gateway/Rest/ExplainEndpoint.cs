using System.Text;
using Microsoft.AspNetCore.Http;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Gateway.Access;
using OrleansHybrid.Gateway.Failures;
using OrleansHybrid.Gateway.Hosting;
using OrleansHybrid.Gateway.Infer;
using OrleansHybrid.Gateway.Json;

namespace OrleansHybrid.Gateway.Rest;

/// <summary><c>POST /v1/routes:explain</c>: the plan of a request that is not run.</summary>
internal sealed class ExplainEndpoint(IInferenceService service, GatewayOptions options)
{
    public async Task HandleAsync(HttpContext context, CallerIdentity identity)
    {
        var (plan, failure) = await ExplainAsync(context, identity);
        if (plan is null) await FailureWriter.WriteAsync(context, failure!);
        else await Answer.SendAsync(context, Encoding.UTF8.GetBytes(plan), null);
    }

    private async ValueTask<ExplainResult> ExplainAsync(HttpContext context, CallerIdentity identity)
    {
        var headers = context.Request.Headers;
        if (CallerReader.Read(identity, headers, out var caller) is { } badCaller) return new ExplainResult(null, badCaller);
        var body = new ExplainBody();
        var failure = await SmallBody.ReadAsync(context, options, body.Read);
        if (failure is null && body.Model.Length == 0) failure = Bad.Input("'model' is missing.");
        failure ??= HeaderParameters.MergeInto(body.Parameters, headers);
        if (failure is not null) return new ExplainResult(null, failure);
        return await service.ExplainAsync(
            new ExplainRequest(body.Model, body.Version, body.Parameters.ToRoute(), caller, body.InputBytes, body.Signals, body.Assume, body.Inputs),
            context.RequestAborted);
    }
}
