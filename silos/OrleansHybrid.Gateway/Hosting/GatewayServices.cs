using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OrleansHybrid.Gateway.Access;
using OrleansHybrid.Gateway.Infer;
using OrleansHybrid.Gateway.Models;
using OrleansHybrid.Gateway.Rest;
using OrleansHybrid.Gateway.Rpc;
using OrleansHybrid.Gateway.Telemetry;

namespace OrleansHybrid.Gateway.Hosting;

/// <summary>What the gateway needs in a host's services.</summary>
public static class GatewayServices
{
    /// <summary>
    /// Adds the gateway. The host adds <c>IInferenceService</c>, <c>IModelRepository</c>, <c>IInferenceEngine</c>, <see cref="ICallerAuthenticator"/> and <see cref="GatewayOptions"/>
    /// (a default one is added when it does not).
    /// </summary>
    public static IServiceCollection AddHybridGateway(this IServiceCollection services)
    {
        services.AddMetrics();
        services.AddRouting();
        services.AddGrpc();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<GatewayOptions>();
        services.TryAddSingleton<GatewayMetrics>();
        services.TryAddSingleton<CallerGate>();
        services.TryAddSingleton<ModelLookup>();
        services.TryAddSingleton<InferCore>();
        services.TryAddSingleton<RestPipeline>();
        services.TryAddSingleton<InferEndpoint>();
        services.TryAddSingleton<ServerEndpoints>();
        services.TryAddSingleton<ModelEndpoints>();
        services.TryAddSingleton<RepositoryEndpoints>();
        services.TryAddSingleton<ExplainEndpoint>();
        services.TryAddSingleton<Statistics>();
        services.TryAddSingleton<IRepositoryJournal, NoRepositoryJournal>();
        services.TryAddSingleton<RepositoryChanges>();
        services.TryAddSingleton<RpcInferEndpoint>();
        services.TryAddSingleton<OpenInferenceService>();
        services.TryAddSingleton<HealthService>();
        return services;
    }
}
