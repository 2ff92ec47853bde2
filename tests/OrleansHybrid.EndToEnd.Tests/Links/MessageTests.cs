using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;
using OrleansHybrid.Domain.Privacy;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Domain;
using OrleansHybrid.Links.Upstreams;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Links;

public sealed class MessageTests
{
    [Fact]
    public async Task Request_carries_what_the_next_zone_needs_and_never_a_mode()
    {
        await using var server = await RecordingServer.StartAsync();
        await using var client = Calls.Client(server.Address, change: o => o with { Credential = "k1" });
        using var activity = new Activity("test").SetIdFormat(ActivityIdFormat.W3C).Start();

        Assert.Null((await Calls.SendAsync(client, new TensorPool(), [1, 2, 3])).Failure);

        var request = Assert.Single(server.Requests);
        Assert.Equal(("echo", "1", "r1"), (request.ModelName, request.ModelVersion, request.Id));
        Assert.Equal([1, 2, 3], request.RawInputContents[0].ToByteArray());
        Assert.Equal(["confidence_floor", "max_cost_microusd", "privacy", "tag_room", "timeout"], request.Parameters.Keys.Order());
        Assert.Equal("any", request.Parameters["privacy"].StringParam);
        Assert.Equal(0.7, request.Parameters["confidence_floor"].DoubleParam);
        Assert.Equal(50, request.Parameters["max_cost_microusd"].Int64Param);
        Assert.Equal("kitchen", request.Parameters["tag_room"].StringParam);
        var headers = Assert.Single(server.Headers);
        Assert.Equal("box-1,eu-west", headers.GetValue("hybrid-hops"));
        Assert.Equal("acme", headers.GetValue("hybrid-tenant"));
        Assert.Equal("Bearer k1", headers.GetValue("authorization"));
        Assert.Equal(activity.Id, headers.GetValue("traceparent"));
        Assert.DoesNotContain(headers, entry => entry.Key.Contains("mode", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Ceiling_that_is_sent_is_the_effective_one()
    {
        await using var server = await RecordingServer.StartAsync();
        await using var client = Calls.Client(server.Address, change: o => o with { Zone = Zone.Edge });

        Assert.Null((await Calls.SendAsync(client, new TensorPool(), [1], PrivacyCeiling.Edge)).Failure);

        Assert.Equal("edge", Assert.Single(server.Requests).Parameters["privacy"].StringParam);
    }

    [Fact]
    public async Task Deadline_that_is_sent_is_less_by_the_time_that_passed_here()
    {
        var clock = new FakeTimeProvider();
        await using var server = await RecordingServer.StartAsync();
        server.BeforeMetadata = () => clock.Advance(TimeSpan.FromMilliseconds(200));
        await using var client = Calls.Client(server.Address, clock: clock, change: o => o with { Zone = Zone.Edge });

        Assert.Null((await Calls.SendAsync(client, new TensorPool(), [1], PrivacyCeiling.Edge, TimeSpan.FromSeconds(5))).Failure);

        var microseconds = Assert.Single(server.Requests).Parameters["timeout"].Int64Param;
        Assert.InRange(microseconds, 4_000_000, 4_800_000);
    }

    [Fact]
    public async Task Names_beyond_ascii_arrive_percent_encoded()
    {
        await using var server = await RecordingServer.StartAsync();
        await using var client = Calls.Client(server.Address);
        var lease = new TensorPool().Copy([1]);

        var outcome = await client.InferAsync(Calls.Request(lease) with { Tenant = "Bäcker, Söhne", Hops = ["köln", "eu-west"] }, default);

        Assert.Null(outcome.Failure);
        var headers = Assert.Single(server.Headers);
        Assert.Equal("Bäcker, Söhne", Uri.UnescapeDataString(headers.GetValue("hybrid-tenant")!));
        Assert.Equal("k%C3%B6ln,eu-west", headers.GetValue("hybrid-hops"));
    }

    [Fact]
    public async Task Server_names_itself_and_its_node_for_a_peer()
    {
        await using var server = await RecordingServer.StartAsync();
        server.Extensions = [.. ServerStatement.Extensions("eu-west", Zone.Edge, "silo-2")];
        await using var above = Calls.Client(server.Address);
        await using var peer = Calls.Client(server.Address, change: o => o.ForPeer(server.Address));
        above.Start();
        peer.Start();

        await Calls.UntilAsync(() => above.State.Name == "eu-west" && peer.State.Name == "silo-2", "both names are known");

        Assert.Equal((Zone.Cloud, Zone.Edge), (above.State.Zone, peer.State.Zone));
    }
}
