using System.Net.Security;
using System.Security.Cryptography;
using System.Text;
using Grpc.Core;
using Grpc.Net.Client;
using OrleansHybrid.Domain;
using OrleansHybrid.Links.Protocol.Fleet;
using OrleansHybrid.Links.Tls;
using OrleansHybrid.Links.Upstreams;

namespace OrleansHybrid.Links.Fleet;

/// <summary>Asks the cell above by the fleet protocol. Opens nothing before it is asked to. What fails is a value.</summary>
/// <example><code>
/// using var fleet = new FleetClient(new UpstreamOptions("http://127.0.0.1:8011", "phone-7", Zone.Device), TimeProvider.System);
/// var offer = await fleet.GetPolicyAsync(haveRevision: 7, haveDigest: "sha256:…", cancellationToken);
/// </code></example>
public sealed partial class FleetClient : IDisposable
{
    private readonly GrpcChannel? owned;
    private readonly string target;
    private readonly Protocol.Fleet.Fleet.FleetClient fleet;
    private readonly Metadata identity = [];
    private readonly TimeProvider clock;

    /// <exception cref="ArgumentException">The address cannot be used; the message says why and what to do.</exception>
    public FleetClient(UpstreamOptions options, TimeProvider clock)
    {
        this.clock = clock;
        var address = UpstreamAddress.Parse(options.Address, options.InsecureLinks, out var error) ?? throw new ArgumentException(error, nameof(options));
        if (options.Credential is { } credential) identity.Add("authorization", "Bearer " + credential);
        owned = GrpcChannel.ForAddress(address, new GrpcChannelOptions
        {
            HttpHandler = new SocketsHttpHandler
            {
                UseProxy = false,
                AllowAutoRedirect = false,
                UseCookies = false,
                ConnectTimeout = options.Timings.ConnectTimeout,
                PooledConnectionIdleTimeout = Limits.LinkConnectionIdleMax,
                ConnectCallback = (context, cancellationToken) => LinkConnector.ConnectAsync(context, options.Tls, SslApplicationProtocol.Http2, null, cancellationToken),
            },
            DisposeHttpClient = true,
            MaxReceiveMessageSize = Limits.FleetAnswerBytesMax,
            ThrowOperationCanceledOnCancellation = false,
        });
        (target, fleet) = (owned.Target, new Protocol.Fleet.Fleet.FleetClient(owned));
    }

    /// <summary>Over a connection that others use too, which is not closed with this client: a machine that calls for many nodes.</summary>
    /// <param name="target">What failures name.</param>
    public FleetClient(CallInvoker calls, string target, string? credential, TimeProvider clock)
    {
        (this.target, this.clock, fleet) = (target, clock, new Protocol.Fleet.Fleet.FleetClient(calls));
        if (credential is not null) identity.Add("authorization", "Bearer " + credential);
    }

    /// <param name="haveRevision">What the caller holds; 0: nothing.</param>
    public async ValueTask<PolicyAnswer> GetPolicyAsync(long haveRevision, string haveDigest, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Limits.FleetCallMax, clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            var request = new GetPolicyRequest { HaveRevision = haveRevision, HaveDigest = haveDigest };
            return Read(await fleet.GetPolicyAsync(request, identity, cancellationToken: linked.Token).ConfigureAwait(false));
        }
        catch (RpcException failed) when (failed.StatusCode == StatusCode.Unimplemented && StatusTable.IsAnswer(failed))
        {
            return PolicyAnswer.Of(PolicyAnswerKind.NotServed);
        }
        catch (RpcException failed)
        {
            return PolicyAnswer.Of(StatusTable.Failure(failed, target));
        }
    }

    public void Dispose() => owned?.Dispose();

    /// <summary>SHA-256 of the text's UTF-8 in the form that documents carry.</summary>
    public static string DigestOf(string text) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private PolicyAnswer Read(GetPolicyResponse answer) => answer.AnswerCase switch
    {
        GetPolicyResponse.AnswerOneofCase.NotModified => PolicyAnswer.Of(PolicyAnswerKind.NotModified),
        GetPolicyResponse.AnswerOneofCase.NoPolicy => PolicyAnswer.Of(PolicyAnswerKind.None),
        GetPolicyResponse.AnswerOneofCase.Policy when answer.Policy is var policy && DigestOf(policy.Text) == policy.Digest =>
            new PolicyAnswer(PolicyAnswerKind.Policy, policy.Name, policy.Revision, policy.Text, policy.Digest, null),
        _ => PolicyAnswer.Of(StatusTable.Rejected(target, "sent a policy whose digest is another text's")),
    };
}
