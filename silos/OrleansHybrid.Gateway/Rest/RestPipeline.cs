using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OrleansHybrid.Gateway.Access;
using OrleansHybrid.Gateway.Failures;

namespace OrleansHybrid.Gateway.Rest;

/// <summary>Wraps each REST handler: method, credential, then the handler; whatever escapes it becomes an error of the protocol's shape.</summary>
internal sealed class RestPipeline(CallerGate gate, ILogger<RestPipeline> log)
{
    /// <param name="needed">None: open to everybody.</param>
    public RequestDelegate Build(string methods, CallerRoles needed, Func<HttpContext, CallerIdentity, Task> handler)
    {
        var allowed = methods.Split(' ');
        return async context =>
        {
            try
            {
                if (!Array.Exists(allowed, m => HttpMethods.Equals(m, context.Request.Method))) await RefuseMethodAsync(context, allowed);
                else await AdmitAndRunAsync(context, needed, handler);
            }
            catch (Exception wrong)
            {
                await EndAsync(context, wrong);
            }
        };
    }

    private async ValueTask AdmitAndRunAsync(HttpContext context, CallerRoles needed, Func<HttpContext, CallerIdentity, Task> handler)
    {
        if (needed == CallerRoles.None)
        {
            await handler(context, Nobody);
            return;
        }

        var (identity, failure) = await gate.AdmitAsync(context, needed);
        if (identity is null) await FailureWriter.WriteAsync(context, failure!);
        else await handler(context, identity);
    }

    private static readonly CallerIdentity Nobody = new("default", CallerRoles.None, false);

    private static Task RefuseMethodAsync(HttpContext context, string[] allowed)
    {
        context.Response.Headers.Allow = string.Join(", ", allowed);
        return FailureWriter.WriteAsync(context, StatusCodes.Status405MethodNotAllowed, $"This route takes {string.Join(" or ", allowed)}.");
    }

    private Task EndAsync(HttpContext context, Exception wrong)
    {
        if (context.RequestAborted.IsCancellationRequested) return Task.CompletedTask;
        var failure = Reading.FailureOf(wrong, context.RequestAborted);
        if (failure.Code == FailureCode.Internal) log.LogError(wrong, "A request to {Route} failed by a bug", context.GetEndpoint()?.DisplayName);
        if (context.Response.HasStarted) context.Abort();
        return FailureWriter.WriteAsync(context, failure);
    }
}
