using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using OrleansHybrid.Domain.Nodes;
using OrleansHybrid.Grains;
using OrleansHybrid.Grains.Nodes;
using OrleansHybrid.Links.Bundles.Transfer;
using OrleansHybrid.Links.Fleet;
using OrleansHybrid.Links.Upstreams;
using OrleansHybrid.Silo.Settings;
using OrleansHybrid.Silo.Tls;

namespace OrleansHybrid.Silo.Bundles;

/// <summary>The other silos of this cell as places that have files. They know this one by a credential that any silo of the cell can write.</summary>
internal sealed class PeerSources(
    CellSettings cell,
    CellTls tls,
    PeerDirectory peers,
    FleetTrustRing ring,
    [FromKeyedServices(HybridClock.Key)] TimeProvider clock) : IDisposable
{
    private const int SerialBytes = 12;
    private readonly ConcurrentDictionary<string, FleetClient> clients = new(StringComparer.Ordinal);

    /// <summary>By rendezvous hash, so that all silos begin at the same one; this silo's own place is the empty address.</summary>
    public IReadOnlyList<string> Order(string digest) =>
        [.. peers.Read().Select(p => p.InferenceAddress).Where(a => a.Length > 0).Append(cell.PeerUrl).OrderByDescending(a => Rank(a, digest)).Select(a => a == cell.PeerUrl ? "" : a)];

    /// <summary>Null until this silo has read its cell's fleet key, or when the address cannot be used.</summary>
    public IBundleSource? Find(string address, bool localOnly)
    {
        if (clients.TryGetValue(address, out var known)) return new FleetBundleSource(known, localOnly);
        var credential = new NodeCredential(cell.Cell, cell.Node, EnrolledKind.Node, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SerialBytes)), clock.GetUtcNow());
        if (ring.Write(credential) is not { } text || UpstreamAddress.Parse(address, cell.InsecureLinks, out _) is null) return null;
        var client = clients.GetOrAdd(address, a => new FleetClient(CellLinksOptions(a, text), clock));
        return new FleetBundleSource(client, localOnly);
    }

    public void Dispose()
    {
        foreach (var client in clients.Values) client.Dispose();
    }

    private UpstreamOptions CellLinksOptions(string address, string credential) => Cells.CellLinks.Options(cell, tls).ForPeer(address) with { Credential = credential };

    private static ulong Rank(string address, string digest) => BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes($"{address} {digest}")));
}
