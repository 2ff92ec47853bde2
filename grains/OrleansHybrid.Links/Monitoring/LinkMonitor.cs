using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Routing;

namespace OrleansHybrid.Links.Monitoring;

/// <summary>Drives <see cref="LinkRules"/>: counts calls, keeps the connections of the current generation, and probes when the rules say so.</summary>
/// <remarks>Sleeps until the first <see cref="Start"/>. One probe at a time. Nothing is probed or connected under the lock.</remarks>
public sealed class LinkMonitor<TTransport> : IAsyncDisposable
    where TTransport : class, ILinkTransport
{
    private readonly Func<TTransport> connect;
    private readonly LinkTimings timings;
    private readonly TimeProvider clock;
    private readonly Random jitter;
    private readonly Action changed;
    private readonly Lock gate = new();
    private readonly RoundTrips roundTrips = new();
    private readonly LossMeter losses = new();
    private readonly long origin;
    private readonly ITimer timer;
    private readonly CancellationTokenSource stopping = new();
    private LinkState state = LinkState.Initial;
    private TTransport transport;
    private DateTimeOffset since;
    private TimeSpan armedFor = TimeSpan.MaxValue;
    private Task probe = Task.CompletedTask;
    private bool started;
    private bool stopped;

    /// <param name="connect">Makes the connections of a generation; must not touch the network by itself.</param>
    /// <param name="changed">Called after the health or the round trip changed. Must be short.</param>
    public LinkMonitor(Func<TTransport> connect, LinkTimings timings, TimeProvider clock, int seed, Action changed)
    {
        (this.connect, this.timings, this.clock, this.changed) = (connect, timings, clock, changed);
        jitter = new Random(seed);
        origin = clock.GetTimestamp();
        transport = connect();
        timer = clock.CreateTimer(static self => ((LinkMonitor<TTransport>)self!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        since = clock.GetUtcNow();
    }

    public LinkHealth Health => Read(static monitor => monitor.state.Health);

    /// <summary>When <see cref="Health"/> last changed.</summary>
    public DateTimeOffset Since => Read(static monitor => monitor.since);

    public double RoundTripMsP95 => Read(static monitor => monitor.roundTrips.P95);

    public long Samples => Read(static monitor => monitor.roundTrips.Samples);

    /// <summary>Share of probes and calls lost lately while the link was in use.</summary>
    public double Loss => Read(static monitor => monitor.losses.Share(monitor.Now));

    public int InFlight => Read(static monitor => monitor.state.InFlight);

    private TimeSpan Now => clock.GetElapsedTime(origin);

    /// <summary>Begins to probe. Calls after the first do nothing.</summary>
    public void Start()
    {
        lock (gate)
        {
            if (started || stopped) return;
            started = true;
            Arm();
        }
    }

    /// <summary>Counts a call in, or answers null at once when the link is down or cut.</summary>
    public LinkCall<TTransport>? TryEnter()
    {
        Start();
        lock (gate)
        {
            if (stopped || !state.Usable) return null;
            var call = new LinkCall<TTransport>(transport, state.Generation);
            Apply(new LinkEvent(LinkEventKind.CallStarted));
            return call;
        }
    }

    /// <summary>Counts a call out, once, with how it ended.</summary>
    public void Leave(LinkCall<TTransport> call, LinkEventKind ending) => Send(ending, call.Generation);

    /// <summary>Cuts the link on purpose: calls in flight fail over, nothing is sent or probed until <see cref="Heal"/>.</summary>
    public void Cut() => Send(LinkEventKind.Cut);

    /// <summary>Ends a cut: a probe decides at once whether the link is up.</summary>
    public void Heal() => Send(LinkEventKind.Heal);

    public async ValueTask DisposeAsync()
    {
        Task last;
        lock (gate)
        {
            if (stopped) return;
            stopped = true;
            last = probe;
        }

        await timer.DisposeAsync();
        await stopping.CancelAsync();
        transport.GiveUp();
        await last;
        transport.Dispose();
    }

    private void Send(LinkEventKind kind, long generation = 0, TimeSpan startedAt = default, TimeSpan? roundTrip = null)
    {
        TTransport? given;
        bool tell;
        lock (gate)
        {
            if (roundTrip is { } sample) roundTrips.Add(sample);
            var before = state.Health;
            given = Apply(new LinkEvent(kind, generation, startedAt, jitter.NextDouble()));
            tell = before != state.Health || roundTrip is not null;
        }

        given?.GiveUp();
        given?.Dispose();
        if (tell) changed();
    }

    /// <summary>Under the lock: takes the step and returns the connections to give up, if any.</summary>
    private TTransport? Apply(in LinkEvent input)
    {
        if (LinkRules.LossOf(state, input) is { } lost) losses.Add(lost, Now);
        var step = LinkRules.Step(state, input, Now, timings);
        if (step.Next.Health != state.Health) since = clock.GetUtcNow();
        state = step.Next;
        TTransport? given = null;
        if (step.GivesUpConnections && !stopped) (given, transport) = (transport, connect());
        Arm();
        return given;
    }

    /// <summary>Under the lock: sets the timer when a probe is due earlier than it is set for; a timer that is too early looks again.</summary>
    private void Arm()
    {
        if (!started || stopped || !probe.IsCompleted || LinkRules.ProbeDue(state, timings) is not { } due || due >= armedFor) return;
        armedFor = due;
        var wait = due - Now;
        timer.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private void OnTimer()
    {
        lock (gate)
        {
            armedFor = TimeSpan.MaxValue;
            if (stopped || !probe.IsCompleted) return;
            if (LinkRules.ProbeDue(state, timings) is { } due && due <= Now) probe = ProbeAsync(transport, state.Generation, Now);
            Arm();
        }
    }

    private async Task ProbeAsync(TTransport probed, long generation, TimeSpan startedAt)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var asked = clock.GetTimestamp();
        using var patience = new CancellationTokenSource(timings.ProbeTimeout, clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, stopping.Token, probed.Broken);
        var result = await probed.ProbeAsync(linked.Token);
        Send(result.Alive ? LinkEventKind.ProbeAnswered : WithoutAnswer(clock.GetElapsedTime(asked)), generation, startedAt, result.RoundTrip);
        Rearm();
    }

    /// <summary>Whatever ended the probe, its time-out would have done so long ago in a process that gets its share of the processor.</summary>
    private LinkEventKind WithoutAnswer(TimeSpan elapsed) =>
        elapsed > timings.ProbeTimeout * Limits.LinkProbeLateFactor ? LinkEventKind.ProbeInconclusive : LinkEventKind.ProbeFailed;

    /// <summary>The probe's own task is still running when its result is sent, so the next timer is set here.</summary>
    private void Rearm()
    {
        lock (gate)
        {
            probe = Task.CompletedTask;
            Arm();
        }
    }

    private T Read<T>(Func<LinkMonitor<TTransport>, T> read)
    {
        lock (gate) return read(this);
    }
}

/// <summary>A call that was counted in, with the connections it must use.</summary>
public sealed record LinkCall<TTransport>(TTransport Transport, long Generation);
