using Microsoft.AspNetCore.Http;

namespace OrleansHybrid.Gateway.Rest;

/// <summary>Text parts of a route.</summary>
internal static class RouteText
{
    /// <summary>Empty when the route has no such part.</summary>
    public static string Of(HttpContext context, string part) => context.Request.RouteValues[part] as string ?? "";
}
