using System.Runtime.CompilerServices;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Ledger;
using OrleansHybrid.Domain.Nodes;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Gateway.Access;
using OrleansHybrid.Grains.Ledger;
using OrleansHybrid.Grains.Nodes;
using OrleansHybrid.Silo.Settings;
using OrleansHybrid.Silo.Store;

namespace OrleansHybrid.Silo.Trust;

/// <summary>Who may do what: without a key, reading and inference, and that on loopback only (the settings see to it); with the operator key everything; with the link key, what a cell below needs; with an API key, what its roles say, for its tenant; with the credential of its enrolment, what a node or region needs; with a client certificate that names a region, the same.</summary>
/// <remarks>A wrong key is refused even where none is needed: whoever sends one means it. Nothing here waits, so that a silo whose store is gone still knows its callers.</remarks>
internal sealed class LocalAuthenticator(CellSettings cell, DataFolder data, ApiKeyRing keys, FleetTrustRing fleet) : ICallerAuthenticator
{
    private const CallerRoles Read = CallerRoles.Viewer | CallerRoles.Infer;

    private static readonly AuthenticationOutcome Anybody = AuthenticationOutcome.Of(new CallerIdentity(Caller.DefaultTenant, Read, false));
    private static readonly AuthenticationOutcome Operator = AuthenticationOutcome.Of(new CallerIdentity(Caller.DefaultTenant, Read | CallerRoles.Operator, false, LocalKey.OperatorFile));
    private static readonly AuthenticationOutcome Link = AuthenticationOutcome.Of(new CallerIdentity(Caller.DefaultTenant, Read | CallerRoles.Node, true, LocalKey.LinkFile) { IsRegion = true });

    private static readonly AuthenticationOutcome Missing = Refuse("This cell needs a key: send it as 'Authorization: Bearer <key>'.");
    private static readonly AuthenticationOutcome Wrong = Refuse("The key is not one of this cell. The operator key is in the file operator.key of the cell's data folder; POST /v1/keys makes others.");
    private static readonly AuthenticationOutcome Starting = Refuse("This silo is starting and has not read its cell's keys yet. Send the request again.");

    private readonly LocalKey operatorKey = LocalKey.LoadOrMake(data.Path, LocalKey.OperatorFile);
    private readonly LocalKey linkKey = LocalKey.LoadOrMake(data.Path, LocalKey.LinkFile);
    private readonly ConditionalWeakTable<ApiKey, object> admitted = [];
    private readonly ConditionalWeakTable<NodeCredential, object> nodes = [];

    public ValueTask<AuthenticationOutcome> AuthenticateAsync(PresentedCredential credential, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Judge(credential));

    /// <summary>A certificate that names a region binds whoever shows it: with no key it is the credential, and beside a link's or a region's key it says which region that may be. A person's or a node's key stands by itself.</summary>
    private AuthenticationOutcome Judge(PresentedCredential credential)
    {
        var region = credential.Certificate is { } shown ? CertificateRules.RegionOf(shown) : null;
        if (string.IsNullOrEmpty(credential.Bearer) && region is null) return cell.AuthRequired ? Missing : Anybody;
        var byKey = string.IsNullOrEmpty(credential.Bearer) ? Link : Judge(credential.Bearer);
        if (region is null || byKey.Identity is not { IsRegion: true } claimed) return byKey;
        if (claimed.Node.Length > 0 && claimed.Node != region) return Refuse($"The key is the region '{claimed.Node}''s, and the client certificate the region '{region}''s. Send the two of one region.");
        return JudgeCertificate(region, credential.Certificate!.NotBefore, claimed);
    }

    private AuthenticationOutcome JudgeCertificate(string region, DateTimeOffset madeAt, CallerIdentity claimed) => fleet.Judge(region, madeAt) switch
    {
        NodeStanding.Good => AuthenticationOutcome.Of(claimed.Node.Length > 0 ? claimed : IdentityOf(region, EnrolledKind.Region)),
        NodeStanding.Revoked => Refuse($"The region '{region}' was revoked, or this certificate is older than that. Enrol it anew with a join token (POST /v1/join-tokens) and give it a new certificate."),
        _ => Starting,
    };

    private AuthenticationOutcome Judge(string bearer)
    {
        if (bearer.StartsWith(ApiKeyText.Prefix, StringComparison.Ordinal)) return JudgeApiKey(bearer);
        if (bearer.StartsWith(NodeCredentialText.Prefix, StringComparison.Ordinal)) return JudgeNode(bearer);
        if (operatorKey.Matches(bearer)) return Operator;
        return linkKey.Matches(bearer) ? Link : Wrong;
    }

    private AuthenticationOutcome JudgeApiKey(string bearer)
    {
        var verdict = keys.Judge(bearer);
        return verdict.Standing switch
        {
            ApiKeyStanding.Good => (AuthenticationOutcome)admitted.GetValue(verdict.Key!, static key => AuthenticationOutcome.Of(ApiKeyCallers.IdentityOf(key))),
            ApiKeyStanding.Expired => Refuse($"The key {verdict.Key!.Id} expired at {verdict.Key.ExpiresAt:O}. Ask an operator for a new one (POST /v1/keys)."),
            ApiKeyStanding.Revoked => Refuse($"The key {verdict.Key!.Id} was revoked at {verdict.Key.RevokedAt:O}. Ask an operator for a new one (POST /v1/keys)."),
            ApiKeyStanding.NotReadYet => Starting,
            _ => Wrong,
        };
    }

    /// <summary>A node's credential is not a person's: it infers and speaks the fleet protocol, and what it says of the requests it passes on is believed.</summary>
    private AuthenticationOutcome JudgeNode(string bearer)
    {
        var verdict = fleet.Judge(bearer);
        return verdict.Standing switch
        {
            NodeStanding.Good => (AuthenticationOutcome)nodes.GetValue(verdict.Credential!, static node => AuthenticationOutcome.Of(IdentityOf(node.Node, node.Kind))),
            NodeStanding.Revoked => Refuse($"The credential of '{verdict.Credential!.Node}' was revoked or replaced. Enrol it anew with a join token (POST /v1/join-tokens)."),
            NodeStanding.NotReadYet => Starting,
            _ => Wrong,
        };
    }

    private static CallerIdentity IdentityOf(string name, EnrolledKind kind)
    {
        var region = kind == EnrolledKind.Region;
        return new CallerIdentity(Caller.DefaultTenant, CallerRoles.Node | CallerRoles.Infer, true, (region ? "region " : "node ") + name) { Node = name, IsRegion = region };
    }

    private static AuthenticationOutcome Refuse(string message) => AuthenticationOutcome.Of(new InferenceFailure(FailureCode.Unauthenticated, message));
}
