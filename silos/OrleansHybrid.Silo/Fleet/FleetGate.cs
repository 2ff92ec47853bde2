using System.Collections.Frozen;
using Grpc.Core;
using Grpc.Core.Interceptors;
using OrleansHybrid.Domain;
using OrleansHybrid.Gateway.Access;

namespace OrleansHybrid.Silo.Fleet;

/// <summary>What a caller of one fleet call must be allowed.</summary>
/// <param name="Roles">One of them is enough; none: open, what the message carries is the credential.</param>
/// <param name="Links">A link's credential is enough too.</param>
internal sealed record FleetRight(CallerRoles Roles, bool Links = true);

/// <summary>Admits callers of the fleet protocol, for every call by one table. A call without a row is refused to everybody.</summary>
/// <remarks>Calls of nodes take a node's or a link's credential and nobody else's: a person's key, an operator's included, opens none of them.</remarks>
internal sealed class FleetGate(ICallerAuthenticator authenticator) : Interceptor
{
    private static readonly FleetRight Nodes = new(CallerRoles.Node);
    private static readonly FleetRight Readers = new(CallerRoles.Viewer | CallerRoles.Infer | CallerRoles.Node);

    public static FrozenDictionary<string, FleetRight> Rights { get; } = new Dictionary<string, FleetRight>(StringComparer.Ordinal)
    {
        // The join token travels in the message.
        ["Enrol"] = new(CallerRoles.None),
        ["CheckIn"] = Nodes,
        ["GetBlob"] = Nodes,

        // What these answer is what every answer of the cell, and its admin API, already show.
        ["GetPolicy"] = Readers,
        ["GetDocuments"] = Readers,
    }.ToFrozenDictionary();

    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        await AdmitAsync(context);
        return await continuation(request, context);
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        await AdmitAsync(context);
        await continuation(request, responseStream, context);
    }

    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        await AdmitAsync(context);
        return await continuation(requestStream, context);
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        await AdmitAsync(context);
        await continuation(requestStream, responseStream, context);
    }

    /// <summary>The identity stays with the request's features, for who serves it.</summary>
    private async ValueTask AdmitAsync(ServerCallContext context)
    {
        var http = context.GetHttpContext();
        var name = context.Method[(context.Method.LastIndexOf('/') + 1)..];
        if (Rights.GetValueOrDefault(name) is not { } right) throw Refused($"The call {name} is not served here.");
        if (right.Roles == CallerRoles.None) return;
        var outcome = await authenticator.AuthenticateAsync(PresentedCredential.Of(http), http.RequestAborted);
        if (outcome.Failure is { } failure) throw new RpcException(new Status(failure.Code == FailureCode.Unauthenticated ? StatusCode.Unauthenticated : StatusCode.PermissionDenied, failure.Message));
        var identity = outcome.Identity!;
        if ((identity.Roles & right.Roles) == 0 && !(right.Links && identity.IsLink)) throw Refused($"This credential lacks the role {Names(right)}. {Remedy(right)}");
        http.Features.Set(identity);
    }

    private static RpcException Refused(string message) => new(new Status(StatusCode.PermissionDenied, message));

    private static string Names(FleetRight right) => right.Roles.ToString().ToLowerInvariant().Replace(", ", " or ", StringComparison.Ordinal) + (right.Links ? " or link" : "");

    private static string Remedy(FleetRight right) => right.Roles == CallerRoles.Node ? "A node gets its credential when it enrols; no key of a person opens this call." : "Use a key that has one.";
}
