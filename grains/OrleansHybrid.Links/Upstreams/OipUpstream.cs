using Grpc.Core;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Privacy;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Links.Monitoring;
using OrleansHybrid.Links.Privacy;
using OrleansHybrid.Links.Protocol;

namespace OrleansHybrid.Links.Upstreams;

/// <summary>The one client of other servers: a cell above, a peer silo, or any server of the Open Inference Protocol.</summary>
/// <remarks>
/// The order of a call: deadline → ceiling (<see cref="CeilingGuard"/>) → link (<see cref="LinkMonitor{TTransport}"/>) → who is the server, where the ceiling
/// forbids the cloud → ceiling again, now with a permit → send → read. What fails is a value; an answer that makes no sense is a failure of the upstream.
/// </remarks>
/// <example><code>
/// await using var central = new OipUpstream(new UpstreamOptions("http://127.0.0.1:8001", "eu-west", Zone.Edge), egress, TensorPool.Shared, TimeProvider.System);
/// var outcome = await central.InferAsync(request, cancellationToken);
/// </code></example>
public sealed class OipUpstream : IUpstream, IAsyncDisposable
{
    private static readonly Method<OutgoingInfer, ModelInferResponse> ModelInfer = new(
        MethodType.Unary, "inference.GRPCInferenceService", "ModelInfer", OutgoingInfer.Marshaller,
        Marshallers.Create(
            static (_, _) => throw new NotSupportedException("A client sends no answers."),
            static context => ModelInferResponse.Parser.ParseFrom(context.PayloadAsReadOnlySequence())));

    private readonly UpstreamOptions options;
    private readonly TensorPool pool;
    private readonly TimeProvider clock;
    private readonly CeilingGuard guard;
    private readonly LinkMonitor<OipTransport> monitor;
    private readonly Lock publishing = new();
    private string name;
    private UpstreamState state;
    private string problem = "";

    /// <exception cref="ArgumentException">The address cannot be used; the message says why and what to do.</exception>
    public OipUpstream(UpstreamOptions options, IEgressLog egress, TensorPool pool, TimeProvider clock)
    {
        var address = UpstreamAddress.Parse(options.Address, options.InsecureLinks, out var error) ?? throw new ArgumentException(error, nameof(options));
        (this.options, this.pool, this.clock, name) = (options, pool, clock, options.Address);
        guard = new CeilingGuard(new GuardSettings(options.Cell, options.OwnZone, options.Zone, options.Peer), egress, clock);
        state = new UpstreamState(name, options.Address, guard.Zone, LinkHealth.Unknown, 0, 0, clock.GetUtcNow());
        monitor = new LinkMonitor<OipTransport>(() => new OipTransport(address, options, clock, Hear, Tell), options.Timings, clock, options.Seed, Publish);
    }

    public UpstreamState State => Volatile.Read(ref state);

    /// <summary>Calls that are out.</summary>
    public int InFlight => monitor.InFlight;

    /// <summary>Begins to probe before the first request does, so that name and round trip are known early.</summary>
    public void Start() => monitor.Start();

    /// <summary>Cuts the link for a trial: calls in flight fail over and nothing is sent until <see cref="Heal"/>.</summary>
    public void Cut() => monitor.Cut();

    public void Heal() => monitor.Heal();

    public async ValueTask<UpstreamOutcome> InferAsync(UpstreamRequest request, CancellationToken cancellationToken)
    {
        var start = clock.GetTimestamp();
        if (cancellationToken.IsCancellationRequested) return Fail(Cancelled(), start);
        if (request.TimeLeft <= TimeSpan.Zero) return Fail(TooLate(), start);
        if (guard.Judge(request) is { } refusal) return Fail(refusal, start);
        if (monitor.TryEnter() is not { } call) return Fail(IsDown(), start);

        var attempt = new Attempt(this, request, call, start);
        try
        {
            return await attempt.RunAsync(cancellationToken);
        }
        finally
        {
            monitor.Leave(call, attempt.Ending);
        }
    }

    public ValueTask DisposeAsync() => monitor.DisposeAsync();

    private void Hear(ServerStatement statement)
    {
        guard.Hear(statement.Zone);
        if ((options.Peer ? statement.Node : statement.Cell) is { Length: > 0 } stated) Volatile.Write(ref name, stated);
        Publish();
    }

    private void Tell(string why)
    {
        if (Interlocked.Exchange(ref problem, why) != why) Publish();
    }

    private void Publish()
    {
        lock (publishing)
        {
            var next = new UpstreamState(
                Volatile.Read(ref name), options.Address, guard.Zone, monitor.Health, monitor.RoundTripMsP95, monitor.Samples, monitor.Since) { Loss = monitor.Loss, Problem = monitor.Health == LinkHealth.Down ? Volatile.Read(ref problem) : "" };
            if (next != state) Volatile.Write(ref state, next);
        }
    }

    private UpstreamOutcome Fail(InferenceFailure failure, long start) =>
        new([], failure, null, null, null, false, false, "", clock.GetElapsedTime(start), TimeSpan.Zero);

    private InferenceFailure Cancelled() => new(FailureCode.Cancelled, "The caller cancelled the request.");

    private InferenceFailure TooLate() => new(FailureCode.DeadlineExceeded, $"The deadline passed before '{name}' answered.");

    private InferenceFailure IsDown() => new(
        FailureCode.UpstreamUnavailable, $"The link to '{name}' is {(monitor.Health == LinkHealth.Cut ? "cut" : "down")}; nothing was sent. It is probed and heals by itself.", options.Timings.CooldownMin);

    /// <summary>One call: its tokens, its message, and how it ended for the link.</summary>
    private sealed class Attempt(OipUpstream owner, UpstreamRequest request, LinkCall<OipTransport> call, long start)
    {
        private readonly TimeSpan timeLeft = request.TimeLeft < Limits.DeadlineMax ? request.TimeLeft : Limits.DeadlineMax;

        public LinkEventKind Ending { get; private set; } = LinkEventKind.CallGaveUp;

        public async ValueTask<UpstreamOutcome> RunAsync(CancellationToken cancellationToken)
        {
            using var deadline = new CancellationTokenSource(timeLeft, owner.clock);
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token, call.Transport.Broken);
            try
            {
                while (true)
                {
                    if (!MayGo() && await call.Transport.HearAsync(linked.Token) is { } unheard) throw unheard;
                    if (await TrySendAsync(linked.Token) is { } outcome) return outcome;
                }
            }
            catch (RpcException failed)
            {
                return owner.Fail(Judge(failed, cancellationToken, deadline.Token), start);
            }
            catch (ObjectDisposedException) when (call.Transport.Broken.IsCancellationRequested)
            {
                return owner.Fail(StatusTable.BrokeOff(owner.name), start);
            }
        }

        private bool MayGo() => !owner.guard.NeedsStatement(request) || call.Transport.IsHeard;

        /// <summary>Null when the connection turned out to be a new one: then the server must be heard again, and nothing was sent.</summary>
        private async ValueTask<UpstreamOutcome?> TrySendAsync(CancellationToken cancellationToken)
        {
            if (owner.guard.Open(request, owner.name, out var crossing) is { } refusal) return owner.Fail(refusal, start);
            var outgoing = new OutgoingInfer(crossing!, MayGo, start, timeLeft, owner.clock);
            try
            {
                using var sent = call.Transport.Calls.AsyncUnaryCall(ModelInfer, null, CallSettings(cancellationToken), outgoing);
                var answer = await sent.ResponseAsync;
                Ending = LinkEventKind.CallAnswered;
                return Read(answer, sent.GetTrailers());
            }
            catch (RpcException) when (outgoing.Withheld && !cancellationToken.IsCancellationRequested)
            {
                return null;
            }
            finally
            {
                outgoing.Close();
            }
        }

        // gRPC's stack measures its deadline against the machine's own clock, whatever clock we were given.
        private CallOptions CallSettings(CancellationToken cancellationToken) => new(
            CallMetadata.Build(request, owner.options),
            TimeProvider.System.GetUtcNow().UtcDateTime + (timeLeft - owner.clock.GetElapsedTime(start)),
            cancellationToken);

        private UpstreamOutcome Read(ModelInferResponse answer, Metadata trailers)
        {
            if (AnswerParameters.TryRead(answer, request, out var error) is not { } stated) return Reject(error);
            if (stated.Provenance is { } from && !owner.guard.AcceptsAnswerFrom(request, from.Zone))
            {
                owner.Publish();
                return Reject($"computed in the zone '{from.Zone.WireName()}' what the ceiling '{request.Ceiling.WireName()}' keeps out of it; it counts as cloud from now on");
            }

            if (AnswerTensors.TryRead(answer, request, owner.pool, out error) is not { } outputs) return Reject(error);
            var roundTrip = owner.clock.GetElapsedTime(start);
            return new UpstreamOutcome(
                outputs, null, stated.Provenance, stated.Label, stated.Confidence, stated.Escalated, stated.Degraded, stated.Reason,
                roundTrip, ServerTiming.Read(trailers, roundTrip));
        }

        private UpstreamOutcome Reject(string what) => owner.Fail(StatusTable.Rejected(owner.name, what), start);

        /// <summary>Whose fault: first what we did ourselves, then what the server or the transport says.</summary>
        private InferenceFailure Judge(RpcException failed, CancellationToken caller, CancellationToken deadline)
        {
            if (caller.IsCancellationRequested) return owner.Cancelled();
            if (call.Transport.Broken.IsCancellationRequested) return StatusTable.BrokeOff(owner.name);
            if (deadline.IsCancellationRequested || (failed.StatusCode == StatusCode.DeadlineExceeded && Passed())) return owner.TooLate();
            Ending = StatusTable.LinkEvent(failed);
            return StatusTable.Failure(failed, owner.name);
        }

        private bool Passed() => owner.clock.GetElapsedTime(start) >= timeLeft * 0.99;
    }
}
