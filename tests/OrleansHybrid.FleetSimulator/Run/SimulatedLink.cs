using Grpc.Core;
using Grpc.Core.Interceptors;
using OrleansHybrid.FleetSimulator.Plan;
using OrleansHybrid.Links.Protocol.Fleet;

namespace OrleansHybrid.FleetSimulator.Run;

/// <summary>What lies between a node and its cell: latency, loss and cuts around real calls, and a network that repeats and reorders check-ins.</summary>
/// <remarks>Nothing is altered and no answer is made here. A lost call fails as a broken connection does; a lost answer leaves the call done.</remarks>
internal sealed class SimulatedLink(NodePlan plan, FleetTime time, NodeTally tally, Random random) : Interceptor
{
    private const double RepeatShare = 0.3, LateShare = 0.2;
    private readonly Lock gate = new();
    private CheckInRequest? late;

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation) => new(
        SendAsync(request, context, continuation), Task.FromResult(new Metadata()), static () => Status.DefaultSuccess, static () => [], static () => { });

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        var call = continuation(request, context);
        return new AsyncServerStreamingCall<TResponse>(new Parts<TResponse>(this, call.ResponseStream), call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    private async Task<TResponse> SendAsync<TRequest, TResponse>(TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
        where TRequest : class
        where TResponse : class
    {
        var stop = context.Options.CancellationToken;
        await PassAsync(stop);
        if (plan.Faults.RepeatsCheckIns && request is CheckInRequest one && HoldsBack(one)) throw Broken("the call is late");
        using var call = continuation(request, context);
        var answer = await call.ResponseAsync;
        if (plan.Faults.RepeatsCheckIns && request is CheckInRequest sent) await RepeatAsync(sent, r => continuation((TRequest)(object)r, context));
        await PassAsync(stop);
        return answer;
    }

    private async ValueTask PassAsync(CancellationToken cancellationToken)
    {
        if (plan.Link.Latency > TimeSpan.Zero) await Task.Delay(plan.Link.Latency, time.Clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (cancellationToken.IsCancellationRequested) throw new RpcException(new Status(StatusCode.Cancelled, "The caller gave up."));
        if (plan.Link.IsCutAt(time.Elapsed)) throw Broken("the link is cut");
        if (plan.Link.Loss > 0 && Next() < plan.Link.Loss) throw Broken("it was lost");
    }

    /// <summary>The caller hears of a broken call; what it sent comes after its next one.</summary>
    private bool HoldsBack(CheckInRequest request)
    {
        if (Next() >= LateShare) return false;
        late ??= request;
        return ReferenceEquals(late, request);
    }

    /// <summary>What was sent before, and what was held back, arrive now: a cell must take neither.</summary>
    private async Task RepeatAsync<TResponse>(CheckInRequest sent, Func<CheckInRequest, AsyncUnaryCall<TResponse>> deliver)
    {
        var again = new List<CheckInRequest>();
        if (Interlocked.Exchange(ref late, null) is { } held) again.Add(held);
        if (Next() < RepeatShare) again.Add(sent);
        foreach (var request in again)
        {
            using var call = deliver(request);
            tally.CountRepeat((CheckInResponse)(object)(await call.ResponseAsync)!);
        }
    }

    private double Next()
    {
        lock (gate) return random.NextDouble();
    }

    private static RpcException Broken(string why) => new(new Status(StatusCode.Unavailable, $"Simulated link: {why}."));

    private sealed class Parts<T>(SimulatedLink link, IAsyncStreamReader<T> parts) : IAsyncStreamReader<T>
    {
        public T Current => parts.Current;

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            if (!await parts.MoveNext(cancellationToken)) return false;
            await link.PassAsync(cancellationToken);
            return true;
        }
    }
}
