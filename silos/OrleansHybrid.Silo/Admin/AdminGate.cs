using System.Net;
using OrleansHybrid.Gateway.Access;

namespace OrleansHybrid.Silo.Admin;

/// <summary>What a caller of an admin route must be allowed.</summary>
/// <param name="Role">Of several, one is enough.</param>
/// <param name="LoopbackOnly">Also with the right key only from this machine.</param>
internal sealed record AdminRight(CallerRoles Role, bool LoopbackOnly = false)
{
    public static AdminRight Reading { get; } = new(CallerRoles.Viewer);
}

/// <summary>Authenticates before a route runs. A route without an <see cref="AdminRight"/> needs the viewer's.</summary>
internal sealed class AdminGate(ICallerAuthenticator authenticator) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var right = http.GetEndpoint()?.Metadata.GetMetadata<AdminRight>() ?? AdminRight.Reading;
        return await RefuseAsync(http, right) ?? await next(context);
    }

    /// <summary>Null when the caller may.</summary>
    public async ValueTask<IResult?> RefuseAsync(HttpContext http, AdminRight right)
    {
        var outcome = await authenticator.AuthenticateAsync(PresentedCredential.Of(http), http.RequestAborted);
        if (outcome.Failure is { } failure) return AdminProblem.Of(HttpStatusCode.Unauthorized, failure.Message);
        if ((outcome.Identity!.Roles & right.Role) == 0) return AdminProblem.Of(HttpStatusCode.Forbidden, Remedy(right));
        http.Features.Set(outcome.Identity);
        var local = http.Connection.RemoteIpAddress is { } remote && IPAddress.IsLoopback(remote);
        return right.LoopbackOnly && !local ? AdminProblem.Of(HttpStatusCode.Forbidden, "This can be done from the cell's own machine only.") : null;
    }

    /// <summary>The credential that a route was admitted with, by name, for records of who changed what.</summary>
    public static string CallerOf(HttpContext http) => http.Features.Get<CallerIdentity>()?.Name ?? "";

    private static string Remedy(AdminRight right) =>
        $"This needs the role '{right.Role.ToString().ToLowerInvariant().Replace(", ", "' or '", StringComparison.Ordinal)}'. Send a key that has it, or the operator key (operator.key in the cell's data folder), as 'Authorization: Bearer <key>'.";
}

/// <summary>An admin error in the protocol's shape: one key, <c>error</c>.</summary>
internal sealed record AdminProblem(string Error)
{
    public static IResult Of(HttpStatusCode status, string error) => Results.Json(new AdminProblem(error), statusCode: (int)status);
}
