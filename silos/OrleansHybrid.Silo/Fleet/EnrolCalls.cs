using System.Security.Cryptography;
using Grpc.Core;
using OrleansHybrid.Contracts;
using OrleansHybrid.Contracts.Nodes;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Audit;
using OrleansHybrid.Domain.Nodes;
using OrleansHybrid.Grains;
using OrleansHybrid.Grains.Nodes;
using OrleansHybrid.Links.Protocol.Fleet;
using OrleansHybrid.Silo.Settings;

namespace OrleansHybrid.Silo.Fleet;

/// <summary>Enrolment: a join token becomes a credential of the node's own, shown once and stored nowhere.</summary>
/// <remarks>Order: token and name are looked at, the change is written down, a use is taken, the identity is written. A token's use can be lost by a crash in between; a credential is never given without one.</remarks>
internal sealed class EnrolCalls(FleetTrustRing ring, IGrainFactory grains, CellSettings cell, IEnrolmentTrust trust, FleetAudit audit, [FromKeyedServices(HybridClock.Key)] TimeProvider clock)
{
    private const int SerialBytes = 12;
    private const int NameBytes = 4;

    public async Task<EnrolResponse> EnrolAsync(EnrolRequest request, ServerCallContext context)
    {
        var stop = context.CancellationToken;
        if (ring.Current.FleetKey.Length == 0) throw FleetStatus.Of(new InferenceFailure(FailureCode.ModelNotReady, "This silo is starting and has not read its cell's fleet key yet. Call again.", Limits.CheckInRetryAfter));
        var token = await FindTokenAsync(request.Token, stop);
        var name = await NameAsync(request, token, stop);
        await audit.AppendAsync("join-token " + token.Id, AuditVerbs.NodeEnrol, name, "", token.Kind.ToString().ToLowerInvariant(), "", stop);
        var used = await grains.GetFleetTrust(cell.Cell).UseTokenAsync(token.Id, JoinTokenText.HashOf(request.Token), stop);
        if (used.Failure is { } failure) throw FleetStatus.Of(failure);

        var credential = new NodeCredential(cell.Cell, name, token.Kind, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SerialBytes)), clock.GetUtcNow());
        var replaced = await KeepAsync(credential, token, request.Boot, stop);
        if (replaced.Length > 0 && await grains.GetFleetTrust(cell.Cell).RevokeSerialAsync(replaced, stop) is { } full) throw FleetStatus.Of(full);
        if (token.Kind == EnrolledKind.Region) await grains.GetFleetTrust(cell.Cell).ReadmitRegionAsync(name, stop);
        await ring.RefreshAsync(stop);
        return Answer(credential);
    }

    /// <summary>A token that another silo made a moment ago is looked up once more.</summary>
    private async Task<JoinToken> FindTokenAsync(string text, CancellationToken cancellationToken)
    {
        if (!JoinTokenText.TryRead(text, out var id, out _)) throw FleetStatus.Bad("token: expected a join token, hyj_…, as POST /v1/join-tokens shows it once.");
        var hash = JoinTokenText.HashOf(text);
        if (JoinTokenRules.Judge(ring.Current, id, hash, clock.GetUtcNow()).Token is { } token) return token;
        await ring.RefreshAsync(cancellationToken);
        var judged = JoinTokenRules.Judge(ring.Current, id, hash, clock.GetUtcNow());
        return judged.Token ?? throw FleetStatus.Of(judged.Failure!);
    }

    private async Task<string> NameAsync(EnrolRequest request, JoinToken token, CancellationToken cancellationToken)
    {
        var kind = token.Kind == EnrolledKind.Region ? "region" : "node";
        var name = request.Name.Length > 0 ? request.Name : $"{kind}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(NameBytes))}";
        if (!NodeNames.IsName(name)) throw FleetStatus.Bad($"name: {NodeNames.Rule}");
        var age = token.Kind == EnrolledKind.Region
            ? (await grains.GetRegion(name).GetAsync(cancellationToken)).Age
            : (await grains.FindNodesAsync([new NodeKey(cell.Cell, name)], cancellationToken))[0].Age;
        if (age is not { } silence || silence >= Limits.InstanceQuietMin) return name;
        throw new RpcException(new Status(StatusCode.AlreadyExists, $"A {kind} named '{name}' called {silence.TotalSeconds:0} s ago. Take another name, or revoke that one first (POST /v1/{kind}s/{name}:revoke)."));
    }

    private Task<string> KeepAsync(NodeCredential credential, JoinToken token, string boot, CancellationToken cancellationToken) => token.Kind == EnrolledKind.Region
        ? grains.GetRegion(credential.Node).EnrolAsync(credential.Serial, cancellationToken)
        : grains.GetNode(new NodeKey(cell.Cell, credential.Node)).EnrolAsync(
            new NodeIdentity(credential.Serial, token.Labels, boot.Length <= Limits.NodeNameCharsMax ? boot : "", credential.Issued, null), cancellationToken);

    private EnrolResponse Answer(NodeCredential credential)
    {
        var answer = new EnrolResponse
        {
            Credential = ring.Write(credential)!,
            Name = credential.Node,
            Cell = cell.Cell,
            Zone = (credential.Kind == EnrolledKind.Region ? Zone.Edge : Zone.Device).WireName(),
            Farm = trust.Farm,
        };
        answer.Publishers.AddRange(trust.Publishers.Select(p => new PublisherKeyText { Name = p.Name, Pem = p.Pem }));
        return answer;
    }
}
