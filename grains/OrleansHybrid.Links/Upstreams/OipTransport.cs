using System.Net.Security;
using Grpc.Core;
using Grpc.Net.Client;
using OrleansHybrid.Domain;
using OrleansHybrid.Links.Monitoring;
using OrleansHybrid.Links.Protocol;
using OrleansHybrid.Links.Tls;

namespace OrleansHybrid.Links.Upstreams;

/// <summary>The connections of one generation: one channel for calls, one for probes, so that a probe never queues behind a large body or a half-open connection.</summary>
public sealed class OipTransport : ILinkTransport
{
    private readonly CancellationTokenSource broken = new();
    private readonly GrpcChannel calls;
    private readonly GrpcChannel probes;
    private readonly GRPCInferenceService.GRPCInferenceServiceClient server;
    private readonly GRPCInferenceService.GRPCInferenceServiceClient probed;
    private readonly TimeProvider clock;
    private readonly Metadata identity = [];
    private readonly Action<ServerStatement> heard;
    private readonly Action<string> told;
    private int callConnections, probeConnections;
    private int heardOnConnections = -1;

    /// <param name="heard">Told what the server says of itself, each time it was asked.</param>
    /// <param name="told">After each probe: why it got no answer; empty: it got one.</param>
    public OipTransport(Uri address, UpstreamOptions options, TimeProvider clock, Action<ServerStatement> heard, Action<string> told)
    {
        (this.clock, this.heard, this.told) = (clock, heard, told);
        Broken = broken.Token;
        if (options.Credential is { } credential) identity.Add("authorization", "Bearer " + credential);
        calls = Channel(address, options, () => Interlocked.Increment(ref callConnections));
        probes = Channel(address, options, () => Interlocked.Increment(ref probeConnections));
        Calls = calls.CreateCallInvoker();
        server = new GRPCInferenceService.GRPCInferenceServiceClient(Calls);
        probed = new GRPCInferenceService.GRPCInferenceServiceClient(probes);
    }

    public CallInvoker Calls { get; }

    public CancellationToken Broken { get; }

    /// <summary>The server on the connections made so far has been asked who it is.</summary>
    public bool IsHeard => Volatile.Read(ref heardOnConnections) == Volatile.Read(ref callConnections);

    public async ValueTask<ProbeResult> ProbeAsync(CancellationToken cancellationToken)
    {
        var connections = Volatile.Read(ref probeConnections);
        var start = clock.GetTimestamp();
        if (!await IsAliveAsync(cancellationToken)) return default;
        TimeSpan? roundTrip = connections == Volatile.Read(ref probeConnections) ? clock.GetElapsedTime(start) : null;
        if (!IsHeard) await TryHearAsync(cancellationToken);
        return new ProbeResult(true, roundTrip);
    }

    /// <summary>Asks the server who it is. Null when it answered, with a statement or without; else how the call failed.</summary>
    public async ValueTask<RpcException?> HearAsync(CancellationToken cancellationToken)
    {
        try
        {
            var answer = await server.ServerMetadataAsync(new ServerMetadataRequest(), identity, cancellationToken: cancellationToken);
            Heard(ServerStatement.Read(answer.Extensions));
            return null;
        }
        catch (RpcException refused) when (StatusTable.IsAnswer(refused) && refused.StatusCode != StatusCode.Unavailable)
        {
            Heard(ServerStatement.Nothing);
            return null;
        }
        catch (RpcException failed)
        {
            return failed;
        }
    }

    public void GiveUp() => broken.Cancel();

    public void Dispose()
    {
        calls.Dispose();
        probes.Dispose();
    }

    /// <summary>A foreign server that answers with an error of its own is alive too.</summary>
    private async ValueTask<bool> IsAliveAsync(CancellationToken cancellationToken)
    {
        try
        {
            var answer = await probed.ServerLiveAsync(new ServerLiveRequest(), identity, cancellationToken: cancellationToken);
            told("");
            return answer.Live;
        }
        catch (RpcException refused)
        {
            var alive = StatusTable.IsAnswer(refused) && !cancellationToken.IsCancellationRequested;
            if (alive || !Broken.IsCancellationRequested) told(alive ? "" : LinkProblem.Of(refused, cancellationToken.IsCancellationRequested));
            return alive;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }

    private async ValueTask TryHearAsync(CancellationToken cancellationToken)
    {
        try
        {
            await HearAsync(cancellationToken);
        }
        catch (ObjectDisposedException)
        {
            // The generation was given up meanwhile; the next one asks again.
        }
    }

    private void Heard(ServerStatement statement)
    {
        heard(statement);
        Volatile.Write(ref heardOnConnections, Volatile.Read(ref callConnections));
    }

    private static GrpcChannel Channel(Uri address, UpstreamOptions options, Action connected) => GrpcChannel.ForAddress(address, new GrpcChannelOptions
    {
        HttpHandler = Handler(options, connected),
        DisposeHttpClient = true,
        MaxReceiveMessageSize = (int)Limits.RequestBytesMax,
        MaxSendMessageSize = null,
        ThrowOperationCanceledOnCancellation = false,
    });

    /// <summary>Fresh connections now and then follow DNS; pings find a connection that is half open while its server lives.</summary>
    private static SocketsHttpHandler Handler(UpstreamOptions options, Action connected) => new()
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        UseCookies = false,
        ActivityHeadersPropagator = null,
        EnableMultipleHttp2Connections = true,
        ConnectTimeout = options.Timings.ConnectTimeout,
        PooledConnectionLifetime = Limits.LinkConnectionAgeMax,
        PooledConnectionIdleTimeout = Limits.LinkConnectionIdleMax,
        KeepAlivePingDelay = Limits.LinkPingInterval,
        KeepAlivePingTimeout = Limits.LinkPingInterval,
        KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
        ConnectCallback = (context, cancellationToken) => LinkConnector.ConnectAsync(context, options.Tls, SslApplicationProtocol.Http2, connected, cancellationToken),
    };
}
