using Microsoft.Extensions.Time.Testing;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Links.Privacy;
using OrleansHybrid.Links.Upstreams;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Links;

public sealed class UpstreamDirectoryTests
{
    private static readonly UpstreamOptions Options = new("http://127.0.0.1:8001", "eu-west", Zone.Edge);

    [Fact]
    public async Task Upstream_is_found_by_its_address_alone_and_a_peer_by_any()
    {
        await using var directory = Directory(new FakeTimeProvider());

        Assert.Same(directory.Above, directory.Find(AttemptTarget.Upstream, "http://127.0.0.1:8001"));
        Assert.Null(directory.Find(AttemptTarget.Upstream, "http://127.0.0.1:9"));
        Assert.Null(directory.Find(AttemptTarget.Here, "http://127.0.0.1:8001"));
        var peer = directory.Find(AttemptTarget.Peer, "127.0.0.1:8011");
        Assert.NotNull(peer);
        Assert.Equal(Zone.Edge, peer.State.Zone);
        Assert.Same(peer, directory.Find(AttemptTarget.Peer, "127.0.0.1:8011"));
        Assert.Null(directory.Find(AttemptTarget.Peer, "10.0.0.7:8011"));
    }

    [Fact]
    public async Task Peers_are_bounded_and_idle_ones_closed()
    {
        var clock = new FakeTimeProvider();
        await using var directory = Directory(clock);
        for (var i = 0; i < Limits.PeerLinksMax + 10; i++) directory.Find(AttemptTarget.Peer, $"127.0.0.1:{9000 + i}");
        var full = directory.Peers;

        clock.Advance(Limits.PeerLinkIdleMax + TimeSpan.FromSeconds(1));
        directory.Find(AttemptTarget.Peer, "127.0.0.1:8999");

        Assert.Equal(Limits.PeerLinksMax, full);
        Assert.Equal(1, directory.Peers);
    }

    [Theory]
    [InlineData("http://127.0.0.1:8001", false, null)]
    [InlineData("localhost:8001", false, null)]
    [InlineData("http://[::1]:8001", false, null)]
    [InlineData("https://central.example:443", false, null)]
    [InlineData("http://central.example:8001", true, null)]
    [InlineData("http://central.example:8001", false, "--insecure-links")]
    [InlineData("http://127.0.0.1.example:8001", false, "--insecure-links")]
    [InlineData("ftp://127.0.0.1:8001", false, "http(s)://host:port")]
    [InlineData("http://127.0.0.1:8001/v2", false, "http(s)://host:port")]
    [InlineData("http://me:pw@127.0.0.1:8001", false, "http(s)://host:port")]
    [InlineData("", false, "http(s)://host:port")]
    public void Address_is_taken_or_refused_with_the_remedy(string address, bool insecureLinks, string? remedy)
    {
        var uri = UpstreamAddress.Parse(address, insecureLinks, out var error);

        Assert.Equal(remedy is null, uri is not null);
        if (remedy is null) Assert.Null(error);
        else Assert.Contains(remedy, error, StringComparison.Ordinal);
    }

    private static UpstreamDirectory Directory(TimeProvider clock) => new(Options, hasUpstream: true, new EgressLog(), new TensorPool(), clock);
}
