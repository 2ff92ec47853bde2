using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OrleansHybrid.Gateway.Access;
using OrleansHybrid.Gateway.Rest;

namespace OrleansHybrid.Gateway.Hosting;

/// <summary>The gateway's table of contents: every route and the role it needs.</summary>
public static class GatewayRoutes
{
    /// <summary>Maps the protocol's REST routes and RPCs. Any port serves them; bind ports by the listener's protocols.</summary>
    public static IEndpointRouteBuilder MapHybridGateway(this IEndpointRouteBuilder endpoints)
    {
        var services = endpoints.ServiceProvider;
        var pipeline = services.GetRequiredService<RestPipeline>();
        var infer = services.GetRequiredService<InferEndpoint>();
        endpoints.Map("/v2/models/{model}/infer", pipeline.Build("POST", CallerRoles.Infer, infer.HandleAsync));
        endpoints.Map("/v2/models/{model}/versions/{version}/infer", pipeline.Build("POST", CallerRoles.Infer, infer.HandleAsync));
        return endpoints;
    }
}
