using Microsoft.AspNetCore.Http;
using OrleansHybrid.Gateway.Access;
using OrleansHybrid.Gateway.Failures;
using OrleansHybrid.Gateway.Infer;

namespace OrleansHybrid.Gateway.Rest;

/// <summary>Routes of the protocol's extensions that are not served, each with the reason (501), and the answer to routes that nobody has (404).</summary>
internal static class Refusals
{
    private const string NoGenerate = "The generate extension is not served: models here take and give whole tensors. Use /infer.";
    private const string NoTrace = "The trace extension is not served: traces are exported by OpenTelemetry and configured at the host.";
    private const string NoLogging = "The logging extension is not served: log levels are configured at the host, not by callers.";

    public static IReadOnlyList<(string Pattern, string Why)> Routes { get; } =
    [
        ("/v2/models/{model}/generate", NoGenerate),
        ("/v2/models/{model}/generate_stream", NoGenerate),
        ("/v2/models/{model}/versions/{version}/generate", NoGenerate),
        ("/v2/models/{model}/versions/{version}/generate_stream", NoGenerate),
        ("/v2/systemsharedmemory/{**rest}", SharedMemory.Why),
        ("/v2/cudasharedmemory/{**rest}", SharedMemory.Why),
        ("/v2/trace/setting", NoTrace),
        ("/v2/models/{model}/trace/setting", NoTrace),
        ("/v2/logging", NoLogging),
    ];

    public static Func<HttpContext, CallerIdentity, Task> Refuse(string why) =>
        (context, _) => FailureWriter.WriteAsync(context, StatusCodes.Status501NotImplemented, why);

    public static Task NotFoundAsync(HttpContext context, CallerIdentity identity) =>
        FailureWriter.WriteAsync(context, StatusCodes.Status404NotFound, "There is no such route; GET /v2 names the server's extensions.");
}
