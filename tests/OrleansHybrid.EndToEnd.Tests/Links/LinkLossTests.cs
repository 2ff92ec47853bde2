using Microsoft.Extensions.Time.Testing;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Links.Monitoring;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Links;

public sealed class LinkLossTests
{
    private readonly FakeTimeProvider clock = new();

    [Fact]
    public async Task Loss_is_the_share_of_calls_that_were_lost()
    {
        await using var monitor = Monitor();
        Call(monitor, LinkEventKind.CallAnswered, 12);
        Assert.Equal(0, monitor.Loss);

        Call(monitor, LinkEventKind.CallReset, 4);

        Assert.Equal(0.25, monitor.Loss, 3);
        Assert.Equal(LinkHealth.Up, monitor.Health);
    }

    [Fact]
    public async Task Loss_of_a_few_calls_says_nothing()
    {
        await using var monitor = Monitor();
        Call(monitor, LinkEventKind.CallReset, (int)Limits.LinkLossOutcomesMin - 1);
        Assert.Equal(0, monitor.Loss);
    }

    [Fact]
    public async Task Loss_fades_with_what_comes_through_and_with_silence()
    {
        await using var monitor = Monitor();
        Call(monitor, LinkEventKind.CallAnswered, 20);
        Call(monitor, LinkEventKind.CallReset, 20);
        Assert.Equal(0.5, monitor.Loss, 3);

        clock.Advance(Limits.LinkLossHalfLife);
        Call(monitor, LinkEventKind.CallAnswered, 20);
        Assert.Equal(0.25, monitor.Loss, 3);

        clock.Advance(3 * Limits.LinkLossHalfLife);
        Assert.Equal(0, monitor.Loss);
    }

    /// <summary>A connection that breaks takes all its calls with it, and a link that is down loses nothing more: its health says it all.</summary>
    [Fact]
    public async Task Broken_connection_is_one_loss_however_many_calls_it_carried()
    {
        await using var monitor = Monitor();
        Call(monitor, LinkEventKind.CallAnswered, 19);
        var calls = Enumerable.Range(0, 10).Select(_ => monitor.TryEnter()!).ToArray();
        foreach (var call in calls) monitor.Leave(call, LinkEventKind.CallBroken);

        Assert.Equal(LinkHealth.Down, monitor.Health);
        Assert.Equal(0.05, monitor.Loss, 3);
    }

    [Fact]
    public async Task Caller_that_gives_up_says_nothing_of_the_link()
    {
        await using var monitor = Monitor();
        Call(monitor, LinkEventKind.CallGaveUp, 30);
        Assert.Equal(0, monitor.Loss);
    }

    private LinkMonitor<NoAnswers> Monitor() => new(static () => new NoAnswers(), LinkTimings.Default, clock, seed: 1, static () => { });

    private static void Call(LinkMonitor<NoAnswers> monitor, LinkEventKind ending, int times)
    {
        for (var i = 0; i < times; i++) monitor.Leave(monitor.TryEnter()!, ending);
    }

    /// <summary>Probes wait for ever, so that calls alone count.</summary>
    private sealed class NoAnswers : ILinkTransport
    {
        private readonly CancellationTokenSource broken = new();

        public NoAnswers() => Broken = broken.Token;

        /// <summary>Taken once: a probe may ask for it after its connections were given up.</summary>
        public CancellationToken Broken { get; }

        public async ValueTask<ProbeResult> ProbeAsync(CancellationToken cancellationToken)
        {
            var never = new TaskCompletionSource();
            await using var given = cancellationToken.Register(never.SetResult);
            await never.Task;
            return new ProbeResult(false, null);
        }

        public void GiveUp() => broken.Cancel();

        public void Dispose() => broken.Dispose();
    }
}
