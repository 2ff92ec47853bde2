using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OrleansHybrid.Gateway.Access;
using OrleansHybrid.Gateway.Infer;
using OrleansHybrid.Gateway.Models;
using OrleansHybrid.Gateway.Rest;
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
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<GatewayOptions>();
        services.TryAddSingleton<GatewayMetrics>();
        services.TryAddSingleton<CallerGate>();
        services.TryAddSingleton<ModelLookup>();
        services.TryAddSingleton<RequestIds>();
        services.TryAddSingleton<RestPipeline>();
        services.TryAddSingleton<InferEndpoint>();
        return services;
    }
}
