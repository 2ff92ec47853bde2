using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Links.Monitoring;
using OrleansHybrid.Links.Privacy;
using OrleansHybrid.Links.Protocol;
using OrleansHybrid.Links.Upstreams;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Links;

public sealed class LinkHealthTests
{
    private static readonly LinkTimings Timings = LinkTimings.Default;

    [Fact]
    public async Task Dead_port_takes_the_link_down_and_nothing_crosses()
    {
        var egress = new EgressLog();
        await using var client = Client($"http://127.0.0.1:{FreePort()}", egress: egress, clock: new FakeTimeProvider());

        var outcome = await Calls.SendAsync(client);

        Assert.Equal(FailureCode.UpstreamUnavailable, outcome.Failure?.Code);
        Assert.Equal(LinkHealth.Down, client.State.Health);
        Assert.Equal(0, egress.Written);
    }

    [Fact]
    public async Task Server_that_accepts_and_never_answers_is_down_within_900_ms_and_its_calls_fail_over()
    {
        await using var server = await RecordingServer.StartAsync();
        await using var proxy = new RecordingProxy(server.Port);
        proxy.Freeze();
        var clock = new FakeTimeProvider();
        await using var client = Client(proxy.Address, clock: clock);

        var call = Calls.SendAsync(client);
        await Calls.UntilAsync(() => proxy.Accepted >= 2, "call and probe have connected");
        clock.Advance(Timings.Silence + Timings.ProbeTimeout);
        var outcome = await call.WaitAsync(Calls.Patience);

        Assert.Equal(FailureCode.UpstreamUnavailable, outcome.Failure?.Code);
        Assert.Equal(LinkHealth.Down, client.State.Health);
        Assert.True(Timings.Silence + Timings.ProbeTimeout < TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Server_that_stops_answering_under_traffic_is_noticed_by_silence_and_probe()
    {
        await using var server = await RecordingServer.StartAsync();
        await using var proxy = new RecordingProxy(server.Port);
        var clock = new FakeTimeProvider();
        await using var client = Client(proxy.Address, clock: clock);
        Assert.Null((await Calls.SendAsync(client)).Failure);
        await Calls.UntilAsync(() => client.State.Name != "" && server.Probes == 1 && client.State.Health == LinkHealth.Up, "the first probe is over");

        proxy.Freeze();
        var before = proxy.Sent.Length;
        var call = Calls.SendAsync(client);
        await Calls.UntilAsync(() => proxy.Sent.Length > before, "the call is out");
        for (var waited = TimeSpan.Zero; !call.IsCompleted; waited += TimeSpan.FromMilliseconds(100))
        {
            Assert.True(waited < TimeSpan.FromSeconds(15), "the link is down after silence and probe");
            clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Delay(20);
        }

        Assert.Equal(FailureCode.UpstreamUnavailable, (await call).Failure?.Code);
        Assert.Equal(LinkHealth.Down, client.State.Health);
    }

    [Fact]
    public async Task Link_that_is_down_fails_calls_without_touching_the_socket()
    {
        await using var server = await RecordingServer.StartAsync();
        await using var proxy = new RecordingProxy(server.Port);
        proxy.Freeze();
        var clock = new FakeTimeProvider();
        await using var client = Client(proxy.Address, clock: clock);
        var call = Calls.SendAsync(client);
        await Calls.UntilAsync(() => proxy.Accepted >= 2, "call and probe have connected");
        clock.Advance(Timings.Silence + Timings.ProbeTimeout);
        await call.WaitAsync(Calls.Patience);
        var (accepted, sent) = (proxy.Accepted, proxy.Sent.Length);

        for (var i = 0; i < 100; i++) Assert.Equal(FailureCode.UpstreamUnavailable, (await Calls.SendAsync(client)).Failure?.Code);

        Assert.Equal((accepted, sent), (proxy.Accepted, proxy.Sent.Length));
    }

    [Fact]
    public async Task Model_that_takes_eight_seconds_is_waited_for_while_probes_are_answered()
    {
        await using var server = await RecordingServer.StartAsync();
        var run = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Answer = async (request, _) => { await run.Task; return RecordingServer.Echo(request); };
        var clock = new FakeTimeProvider();
        await using var client = Client(server.Address, clock: clock);
        client.Start();
        await Calls.UntilAsync(() => client.State.Health == LinkHealth.Up, "the first probe is answered");

        var call = Calls.SendAsync(client);
        await Calls.UntilAsync(() => !server.Requests.IsEmpty, "the model runs");
        for (var probes = 1; probes <= 27; probes++)
        {
            clock.Advance(Timings.Silence);
            await Calls.UntilAsync(() => client.State.Samples == probes, $"probe {probes} is answered");
        }

        Assert.False(call.IsCompleted);
        run.SetResult();
        Assert.Null((await call.WaitAsync(Calls.Patience)).Failure);
        Assert.Equal(LinkHealth.Up, client.State.Health);
    }

    [Fact]
    public async Task Server_killed_in_a_call_fails_it_over_and_heals_after_a_restart_on_the_same_port()
    {
        await using var server = await RecordingServer.StartAsync();
        server.Extensions = [.. ServerStatement.Extensions("central", Zone.Cloud, "silo-1")];
        server.Answer = async (_, context) => { await Task.Delay(Timeout.Infinite, context.CancellationToken); return new ModelInferResponse(); };
        var egress = new EgressLog();
        await using var client = Client(server.Address, egress: egress);
        var call = Calls.SendAsync(client);
        await Calls.UntilAsync(() => !server.Requests.IsEmpty, "the call is out");

        var port = server.Port;
        await server.KillAsync();
        var outcome = await call.WaitAsync(Calls.Patience);
        await Calls.UntilAsync(() => client.State.Health == LinkHealth.Down, "the link is down");
        await using var restarted = await RecordingServer.StartAsync(port);
        restarted.Extensions = server.Extensions;
        await Calls.UntilAsync(() => client.State is { Health: LinkHealth.Up, Name: "central" }, "the link is up again");

        Assert.Equal(FailureCode.UpstreamUnavailable, outcome.Failure?.Code);
        Assert.Equal(1, egress.Written);
        Assert.Null((await Calls.SendAsync(client)).Failure);
    }

    [Fact]
    public async Task Client_that_starts_before_its_server_is_up_once_the_server_is()
    {
        var port = FreePort();
        await using var client = Client($"http://127.0.0.1:{port}");
        client.Start();
        await Calls.UntilAsync(() => client.State.Health == LinkHealth.Down, "the link is down");

        await using var server = await RecordingServer.StartAsync(port);
        await Calls.UntilAsync(() => client.State.Health == LinkHealth.Up, "the link is up");

        Assert.Null((await Calls.SendAsync(client)).Failure);
    }

    [Fact]
    public async Task Cut_fails_calls_in_flight_and_new_ones_until_it_is_healed()
    {
        await using var server = await RecordingServer.StartAsync();
        var run = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Answer = async (request, _) => { await run.Task; return RecordingServer.Echo(request); };
        await using var client = Client(server.Address);
        var call = Calls.SendAsync(client);
        await Calls.UntilAsync(() => !server.Requests.IsEmpty, "the call is out");

        client.Cut();
        var cut = await call.WaitAsync(Calls.Patience);
        var refused = await Calls.SendAsync(client);
        var health = client.State.Health;
        run.SetResult();
        client.Heal();
        await Calls.UntilAsync(() => client.State.Health == LinkHealth.Up, "the link is up again");

        Assert.Equal((FailureCode.UpstreamUnavailable, FailureCode.UpstreamUnavailable), (cut.Failure?.Code, refused.Failure?.Code));
        Assert.Equal(LinkHealth.Cut, health);
        Assert.Single(server.Requests);
        Assert.Null((await Calls.SendAsync(client)).Failure);
    }

    [Fact]
    public async Task Deadline_that_passes_and_caller_that_cancels_are_told_apart_and_leave_the_link_up()
    {
        await using var server = await RecordingServer.StartAsync();
        server.Answer = async (_, context) => { await Task.Delay(Timeout.Infinite, context.CancellationToken); return new ModelInferResponse(); };
        await using var client = Client(server.Address);
        client.Start();
        await Calls.UntilAsync(() => client.State.Health == LinkHealth.Up, "the link is up");
        using var cancel = new CancellationTokenSource();

        var late = await Calls.SendAsync(client, TimeSpan.FromMilliseconds(100)).WaitAsync(Calls.Patience);
        var before = server.Requests.Count;
        var call = Calls.SendAsync(client, cancellationToken: cancel.Token);
        await Calls.UntilAsync(() => server.Requests.Count > before, "another call is out");
        await cancel.CancelAsync();
        var cancelled = await call.WaitAsync(Calls.Patience);

        Assert.Equal(FailureCode.DeadlineExceeded, late.Failure?.Code);
        Assert.Equal(FailureCode.Cancelled, cancelled.Failure?.Code);
        Assert.Equal(LinkHealth.Up, client.State.Health);
    }

    [Fact]
    public async Task Something_that_is_no_such_server_is_a_failure_and_no_exception()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var answering = Task.Run(async () =>
        {
            using var socket = await listener.AcceptSocketAsync();
            await socket.SendAsync("SSH-2.0-something else entirely, and long enough to be read as a frame\r\n"u8.ToArray());
            listener.Stop();
        });
        await using var client = Client($"http://{listener.LocalEndpoint}");

        var outcome = await Calls.SendAsync(client).WaitAsync(Calls.Patience);

        Assert.Equal(FailureCode.UpstreamUnavailable, outcome.Failure?.Code);
        await answering;
    }

    /// <summary>The real patience on a clock that the test moves; on the machine's own clock nothing here depends on how fast it is.</summary>
    private static OipUpstream Client(string address, EgressLog? egress = null, TimeProvider? clock = null) => clock is null
        ? Calls.Client(address, egress: egress)
        : Calls.Client(address, egress: egress, clock: clock, change: o => o with { Timings = Timings with { ConnectTimeout = Calls.Patience } });

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
