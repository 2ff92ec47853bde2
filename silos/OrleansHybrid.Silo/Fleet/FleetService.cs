using Grpc.Core;
using OrleansHybrid.Domain;
using OrleansHybrid.Gateway.Access;
using OrleansHybrid.Grains.Routing;
using OrleansHybrid.Links.Protocol.Fleet;

namespace OrleansHybrid.Silo.Fleet;

/// <summary>What nodes and regions below ask this cell for. Any credential that may read, infer or link is enough; what it answers is what every answer of the cell already shows.</summary>
internal sealed class FleetService(PolicyHolder policies, ICallerAuthenticator authenticator) : Links.Protocol.Fleet.Fleet.FleetBase
{
    private const CallerRoles Readers = CallerRoles.Viewer | CallerRoles.Infer;
    private const string Scheme = "Bearer ";

    public override async Task<GetPolicyResponse> GetPolicy(GetPolicyRequest request, ServerCallContext context)
    {
        await AdmitAsync(context.GetHttpContext());
        if (policies.Document is not { } document) return new GetPolicyResponse { NoPolicy = true };
        var same = request.HaveRevision == document.Revision && (request.HaveDigest.Length == 0 || request.HaveDigest == document.Digest);
        if (same) return new GetPolicyResponse { NotModified = true };
        return new GetPolicyResponse
        {
            Policy = new PolicyText { Name = document.Name, Revision = document.Revision, Text = document.Text, Digest = document.Digest },
        };
    }

    public override Task<EnrolResponse> Enrol(EnrolRequest request, ServerCallContext context) => context.GetHttpContext().RequestServices.GetRequiredService<EnrolCalls>().EnrolAsync(request, context);

    public override Task<CheckInResponse> CheckIn(CheckInRequest request, ServerCallContext context) => context.GetHttpContext().RequestServices.GetRequiredService<CheckInCalls>().CheckInAsync(request, context);

    private async ValueTask AdmitAsync(HttpContext http)
    {
        var outcome = await authenticator.AuthenticateAsync(new PresentedCredential(Bearer(http), http.Connection.RemoteIpAddress), http.RequestAborted);
        if (outcome.Failure is { } failure) throw new RpcException(new Status(failure.Code == FailureCode.Unauthenticated ? StatusCode.Unauthenticated : StatusCode.PermissionDenied, failure.Message));
        if ((outcome.Identity!.Roles & Readers) != 0 || outcome.Identity.IsLink) return;
        throw new RpcException(new Status(StatusCode.PermissionDenied, "This credential lacks the role viewer, infer or link. Use a key that has one."));
    }

    private static string? Bearer(HttpContext http) =>
        http.Request.Headers.Authorization.ToString() is { } header && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..].Trim() : null;
}
