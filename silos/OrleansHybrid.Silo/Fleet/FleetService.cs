using Grpc.Core;
using OrleansHybrid.Grains.Routing;
using OrleansHybrid.Links.Protocol.Fleet;

namespace OrleansHybrid.Silo.Fleet;

/// <summary>What nodes and regions below ask this cell for. Who may call what is <see cref="FleetGate"/>'s.</summary>
internal sealed class FleetService(PolicyHolder policies, DocumentCalls documents) : Links.Protocol.Fleet.Fleet.FleetBase
{
    public override Task<GetPolicyResponse> GetPolicy(GetPolicyRequest request, ServerCallContext context) => Task.FromResult(Answer(request));

    public override Task<GetDocumentsResponse> GetDocuments(GetDocumentsRequest request, ServerCallContext context) => documents.AnswerAsync(request, context.CancellationToken);

    private GetPolicyResponse Answer(GetPolicyRequest request)
    {
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

    public override Task GetBlob(GetBlobRequest request, IServerStreamWriter<BlobPart> responseStream, ServerCallContext context) => context.GetHttpContext().RequestServices.GetRequiredService<BlobCalls>().SendAsync(request, responseStream, context);
}
