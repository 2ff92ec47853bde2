using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Privacy;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Links.Upstreams;

/// <summary>The clients of one silo: the upstream of its configuration, and peers made when first asked for.</summary>
/// <param name="template">The settings that every client of this silo shares; its address is the upstream's.</param>
/// <param name="hasUpstream">False in a cell with nothing above it: then the address of <paramref name="template"/> is not used.</param>
public sealed class UpstreamDirectory(UpstreamOptions template, bool hasUpstream, IEgressLog egress, TensorPool pool, TimeProvider clock)
    : IUpstreamDirectory, IAsyncDisposable
{
    private readonly Dictionary<string, PeerLink> peers = new(StringComparer.Ordinal);
    private readonly List<Task> closing = [];
    private readonly Lock gate = new();
    private bool disposed;

    /// <summary>The link to the cell above; null when there is none.</summary>
    public OipUpstream? Above { get; } = hasUpstream ? new OipUpstream(template, egress, pool, clock) : null;

    /// <summary>Clients to peers that are open now.</summary>
    public int Peers
    {
        get { lock (gate) return peers.Count; }
    }

    public IUpstream? Find(AttemptTarget target, string address) => target switch
    {
        AttemptTarget.Upstream => Above?.State.Address == address ? Above : null,
        AttemptTarget.Peer => Peer(address),
        _ => null,
    };

    public async ValueTask DisposeAsync()
    {
        Task[] last;
        lock (gate)
        {
            disposed = true;
            foreach (var address in peers.Keys.ToArray()) Close(address);
            last = [.. closing];
        }

        if (Above is not null) await Above.DisposeAsync();
        await Task.WhenAll(last);
    }

    private OipUpstream? Peer(string address)
    {
        lock (gate)
        {
            if (disposed) return null;
            var now = clock.GetTimestamp();
            if (!peers.TryGetValue(address, out var link))
            {
                if (UpstreamAddress.Parse(address, template.InsecureLinks, out _) is null) return null;
                MakeRoom(now);
                peers[address] = link = new PeerLink(new OipUpstream(template.ForPeer(address), egress, pool, clock));
            }

            link.LastUsed = now;
            return link.Client;
        }
    }

    /// <summary>Closes what idles too long, and when that is not enough the one that idles longest.</summary>
    private void MakeRoom(long now)
    {
        foreach (var (address, link) in peers.ToArray())
        {
            if (link.Client.InFlight == 0 && clock.GetElapsedTime(link.LastUsed, now) > Limits.PeerLinkIdleMax) Close(address);
        }

        if (peers.Count >= Limits.PeerLinksMax) Close(peers.MinBy(static peer => peer.Value.LastUsed).Key);
    }

    private void Close(string address)
    {
        if (!peers.Remove(address, out var link)) return;
        closing.RemoveAll(static task => task.IsCompleted);
        closing.Add(link.Client.DisposeAsync().AsTask());
    }

    private sealed class PeerLink(OipUpstream client)
    {
        public OipUpstream Client { get; } = client;

        public long LastUsed { get; set; }
    }
}
