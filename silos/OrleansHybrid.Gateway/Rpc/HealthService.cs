using Grpc.Core;
using OrleansHybrid.Gateway.Hosting;
using OrleansHybrid.Links.Protocol.Health;

namespace OrleansHybrid.Gateway.Rpc;

/// <summary>The standard gRPC health service: the whole server (empty name) and the inference service have the server's readiness.</summary>
internal sealed class HealthService(GatewayOptions options, TimeProvider clock) : Health.HealthBase
{
    /// <summary>How often a watcher's server looks whether readiness changed.</summary>
    private static readonly TimeSpan WatchInterval = TimeSpan.FromMilliseconds(250);

    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context)
    {
        if (!IsKnown(request.Service)) throw new RpcException(new Status(StatusCode.NotFound, "No such service; the names are '' and inference.GRPCInferenceService."));
        return Task.FromResult(new HealthCheckResponse { Status = Status(request.Service) });
    }

    public override async Task Watch(HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responses, ServerCallContext context)
    {
        using var timer = new PeriodicTimer(WatchInterval, clock);
        HealthCheckResponse.Types.ServingStatus? told = null;
        try
        {
            do
            {
                var status = Status(request.Service);
                if (status != told) await responses.WriteAsync(new HealthCheckResponse { Status = status }, context.CancellationToken);
                told = status;
            }
            while (await timer.WaitForNextTickAsync(context.CancellationToken));
        }
        catch (OperationCanceledException)
        {
            // The watcher went away: that is how a watch ends.
        }
    }

    private HealthCheckResponse.Types.ServingStatus Status(string service) => !IsKnown(service)
        ? HealthCheckResponse.Types.ServingStatus.ServiceUnknown
        : options.IsReady() ? HealthCheckResponse.Types.ServingStatus.Serving : HealthCheckResponse.Types.ServingStatus.NotServing;

    private static bool IsKnown(string service) => service is "" or "inference.GRPCInferenceService";
}
