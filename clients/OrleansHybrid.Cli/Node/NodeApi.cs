using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansHybrid.Gateway.Access;

namespace OrleansHybrid.Cli.Node;

/// <summary><c>GET /v1/node</c> on the REST port: what this box is, what it runs and how it stands with its cell.</summary>
internal static class NodeApi
{
    private const string BearerScheme = "Bearer ";
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, DictionaryKeyPolicy = null };

    public static void Map(IEndpointRouteBuilder endpoints, NodeAgent agent)
    {
        var authenticator = new NodeAuthenticator(agent.Key, agent.Settings.AuthRequired);
        endpoints.MapGet("/v1/node", async context =>
        {
            string? header = context.Request.Headers.Authorization;
            var bearer = header?.StartsWith(BearerScheme, StringComparison.OrdinalIgnoreCase) == true ? header[BearerScheme.Length..].Trim() : null;
            var outcome = await authenticator.AuthenticateAsync(new PresentedCredential(bearer, context.Connection.RemoteIpAddress), context.RequestAborted);
            if (outcome.Failure is { } failure) await WriteAsync(context, StatusCodes.Status401Unauthorized, new { error = failure.Message });
            else await WriteAsync(context, StatusCodes.Status200OK, NodeView.Of(agent));
        });
    }

    private static Task WriteAsync(HttpContext context, int status, object body)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(body, body.GetType(), Json, context.RequestAborted);
    }
}
