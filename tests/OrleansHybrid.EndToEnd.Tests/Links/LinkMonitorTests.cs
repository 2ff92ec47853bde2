using Microsoft.Extensions.Time.Testing;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Links.Monitoring;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Links;

/// <summary>A process that gets no processor for a while must not take its links for dead.</summary>
public sealed class LinkMonitorTests
{
    private static readonly LinkTimings Timings = LinkTimings.Default;

    private readonly FakeTimeProvider clock = new();
    private readonly SilentServer server = new();

    [Fact]
    public async Task Probe_that_ended_late_in_a_starved_process_is_repeated_and_the_link_stays_up()
    {
        await using var monitor = Monitor();
        monitor.Start();
        await Calls.UntilAsync(() => server.Waiting == 1, "the first probe is out");

        clock.Advance(2 * Timings.ProbeTimeout);
        await Calls.UntilAsync(() => server.Waiting == 2, "it is repeated without any time passing");
        server.Answer();
        await Calls.UntilAsync(() => monitor.Samples == 1, "the second probe is answered");

        Assert.Equal(LinkHealth.Up, monitor.Health);
        Assert.Equal(1, server.Generations);
    }

    [Fact]
    public async Task Probe_that_ended_in_time_takes_the_link_down()
    {
        await using var monitor = Monitor();
        monitor.Start();
        await Calls.UntilAsync(() => server.Waiting == 1, "the first probe is out");

        clock.Advance(Timings.ProbeTimeout);
        await Calls.UntilAsync(() => monitor.Health == LinkHealth.Down, "the link is down");
    }

    [Fact]
    public async Task Third_late_probe_in_a_row_takes_the_link_down()
    {
        await using var monitor = Monitor();
        monitor.Start();
        for (var probe = 1; probe <= 3; probe++)
        {
            await Calls.UntilAsync(() => server.Waiting == probe, $"probe {probe} is out");
            Assert.Equal(LinkHealth.Unknown, monitor.Health);
            clock.Advance(2 * Timings.ProbeTimeout);
        }

        await Calls.UntilAsync(() => monitor.Health == LinkHealth.Down, "the link is down");
        Assert.Equal(2, server.Generations);
    }

    private LinkMonitor<Connection> Monitor() => new(() => new Connection(server), Timings, clock, seed: 1, static () => { });

    /// <summary>Answers no probe until it is told to.</summary>
    private sealed class SilentServer
    {
        private readonly TaskCompletionSource answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int waiting;
        private int generations;

        /// <summary>Probes that have come, over all generations.</summary>
        public int Waiting => Volatile.Read(ref waiting);

        public int Generations => Volatile.Read(ref generations);

        public Task Answered => answered.Task;

        public void Answer() => answered.TrySetResult();

        public void Connected() => Interlocked.Increment(ref generations);

        public void Asked() => Interlocked.Increment(ref waiting);
    }

    private sealed class Connection : ILinkTransport
    {
        private readonly SilentServer server;
        private readonly CancellationTokenSource broken = new();

        public Connection(SilentServer server)
        {
            this.server = server;
            server.Connected();
        }

        public CancellationToken Broken => broken.Token;

        public async ValueTask<ProbeResult> ProbeAsync(CancellationToken cancellationToken)
        {
            server.Asked();
            try
            {
                await server.Answered.WaitAsync(cancellationToken);
                return new ProbeResult(true, TimeSpan.FromMilliseconds(1));
            }
            catch (OperationCanceledException)
            {
                return new ProbeResult(false, null);
            }
        }

        public void GiveUp() => broken.Cancel();

        public void Dispose() => broken.Dispose();
    }
}
