using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OrleansHybrid.Gateway.Access;
using OrleansHybrid.Gateway.Rest;
using OrleansHybrid.Gateway.Rpc;

namespace OrleansHybrid.Gateway.Hosting;

/// <summary>The gateway's table of contents: every route and the role it needs.</summary>
public static class GatewayRoutes
{
    private const CallerRoles Open = CallerRoles.None;
    private const CallerRoles Readers = CallerRoles.Viewer | CallerRoles.Infer;

    /// <summary>Maps the protocol's REST routes and RPCs. Any port serves them; a listener's protocols (HTTP/1.1 or HTTP/2) tell the ports apart.</summary>
    public static IEndpointRouteBuilder MapHybridGateway(this IEndpointRouteBuilder endpoints)
    {
        var pipeline = endpoints.ServiceProvider.GetRequiredService<RestPipeline>();
        MapServer(endpoints, pipeline);
        MapModels(endpoints, pipeline);
        MapRepository(endpoints, pipeline);
        MapRefusals(endpoints, pipeline);
        MapRpcs(endpoints);
        return endpoints;
    }

    private static void MapServer(IEndpointRouteBuilder endpoints, RestPipeline pipeline)
    {
        var server = endpoints.ServiceProvider.GetRequiredService<ServerEndpoints>();
        var explain = endpoints.ServiceProvider.GetRequiredService<ExplainEndpoint>();
        endpoints.Map("/health/live", pipeline.Build("GET HEAD", Open, server.LiveAsync));
        endpoints.Map("/v2/health/live", pipeline.Build("GET HEAD", Open, server.LiveAsync));
        endpoints.Map("/v2/health/ready", pipeline.Build("GET HEAD", Open, server.ReadyAsync));
        endpoints.Map("/v2", pipeline.Build("GET HEAD", Readers, server.MetadataAsync));
        endpoints.Map("/v1/routes:explain", pipeline.Build("POST", Readers, explain.HandleAsync));
    }

    private static void MapModels(IEndpointRouteBuilder endpoints, RestPipeline pipeline)
    {
        var infer = endpoints.ServiceProvider.GetRequiredService<InferEndpoint>();
        var models = endpoints.ServiceProvider.GetRequiredService<ModelEndpoints>();
        foreach (var model in new[] { "/v2/models/{model}", "/v2/models/{model}/versions/{version}" })
        {
            endpoints.Map(model + "/infer", pipeline.Build("POST", CallerRoles.Infer, infer.HandleAsync));
            endpoints.Map(model, pipeline.Build("GET HEAD", Readers, models.MetadataAsync));
            endpoints.Map(model + "/ready", pipeline.Build("GET HEAD", Readers, models.ReadyAsync));
            endpoints.Map(model + "/config", pipeline.Build("GET HEAD", Readers, models.ConfigAsync));
            endpoints.Map(model + "/stats", pipeline.Build("GET HEAD", Readers, models.StatisticsAsync));
        }

        endpoints.Map("/v2/models/stats", pipeline.Build("GET HEAD", Readers, models.StatisticsAsync));
    }

    private static void MapRepository(IEndpointRouteBuilder endpoints, RestPipeline pipeline)
    {
        var repository = endpoints.ServiceProvider.GetRequiredService<RepositoryEndpoints>();
        endpoints.Map("/v2/repository/index", pipeline.Build("POST", Readers, repository.IndexAsync));
        endpoints.Map("/v2/repository/models/{model}/load", pipeline.Build("POST", CallerRoles.Operator, repository.LoadAsync));
        endpoints.Map("/v2/repository/models/{model}/unload", pipeline.Build("POST", CallerRoles.Operator, repository.UnloadAsync));
    }

    private static void MapRefusals(IEndpointRouteBuilder endpoints, RestPipeline pipeline)
    {
        foreach (var (pattern, why) in Refusals.Routes) endpoints.Map(pattern, pipeline.Build("GET POST HEAD", Open, Refusals.Refuse(why)));
        endpoints.Map("/v2/{**rest}", pipeline.Build("GET POST HEAD PUT DELETE PATCH OPTIONS", Open, Refusals.NotFoundAsync));
    }

    private static void MapRpcs(IEndpointRouteBuilder endpoints)
    {
        var infer = endpoints.ServiceProvider.GetRequiredService<RpcInferEndpoint>();

        // Before the library's own endpoint of the same RPC.
        endpoints.Map(RpcInferEndpoint.Route, (RequestDelegate)infer.HandleAsync).Add(static endpoint => ((RouteEndpointBuilder)endpoint).Order = -1);
        endpoints.MapGrpcService<OpenInferenceService>();
        endpoints.MapGrpcService<HealthService>();
    }
}
