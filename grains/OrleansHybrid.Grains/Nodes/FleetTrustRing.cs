using System.Collections.Concurrent;
using System.Collections.Frozen;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansHybrid.Contracts;
using OrleansHybrid.Contracts.Nodes;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Nodes;

namespace OrleansHybrid.Grains.Nodes;

/// <summary>What became of a presented node credential.</summary>
public enum NodeStanding
{
    /// <summary>Not made with this cell's fleet key, or made for another cell.</summary>
    Unknown,
    Good,
    Revoked,

    /// <summary>This silo just started and has not read its cell's fleet key.</summary>
    NotReadYet,
}

/// <param name="Credential">What it states, where it was made with the fleet key.</param>
public readonly record struct NodeVerdict(NodeStanding Standing, NodeCredential? Credential);

/// <summary>This silo's copy of what the cell knows its nodes by: a credential is judged from memory, whatever grain and store do.</summary>
/// <remarks>The copy is read again at <see cref="Limits.FleetTrustRefreshInterval"/> and right after a change made here, and never goes back to an older revision.</remarks>
public sealed class FleetTrustRing(IGrainFactory grains, HybridGrainsOptions options)
{
    private readonly IFleetTrustGrain keeper = grains.GetFleetTrust(options.Cell);
    private readonly SemaphoreSlim refreshing = new(1);
    private Copy copy = new(FleetTrust.Empty);

    public FleetTrust Current => Volatile.Read(ref copy).Trust;

    /// <summary>Two look-ups; and once for each credential and copy one HMAC over some 150 bytes.</summary>
    public NodeVerdict Judge(string presented)
    {
        var current = Volatile.Read(ref copy);
        if (current.Trust.FleetKey.Length == 0) return new NodeVerdict(NodeStanding.NotReadYet, null);
        if (current.Verify(presented) is not { } credential || credential.Cell != options.Cell) return default;
        return new NodeVerdict(current.Revoked.Contains(credential.Serial) ? NodeStanding.Revoked : NodeStanding.Good, credential);
    }

    /// <summary>A client certificate that names a region; that it leads to an authority was seen in the handshake.</summary>
    public NodeStanding Judge(string region, DateTimeOffset madeAt)
    {
        var current = Current;
        if (current.FleetKey.Length == 0) return NodeStanding.NotReadYet;
        return RegionRevocationRules.IsRevoked(current, region, madeAt) ? NodeStanding.Revoked : NodeStanding.Good;
    }

    /// <summary>The credential as text; null before the fleet key was read.</summary>
    public string? Write(NodeCredential credential) =>
        Current.FleetKey is { Length: > 0 } key ? NodeCredentialText.Write(credential, key) : null;

    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await refreshing.WaitAsync(cancellationToken);
        try
        {
            var current = Current;
            var changed = await keeper.ReadAsync(current.Revision, cancellationToken);
            if (changed is not null && changed.Revision > current.Revision) Volatile.Write(ref copy, new Copy(changed));
        }
        finally
        {
            refreshing.Release();
        }
    }

    private sealed record Copy(FleetTrust Trust)
    {
        private readonly ConcurrentDictionary<string, NodeCredential> verified = new(StringComparer.Ordinal);

        public FrozenSet<string> Revoked { get; } = Trust.RevokedSerials.ToFrozenSet(StringComparer.Ordinal);

        /// <remarks>
        /// Only what the key made is kept, as long as the copy that has the key, so that nodes which call every few seconds are not checked anew each time; whether it is revoked
        /// is asked at each call. A look-up by the whole text, whose hash is seeded at random, tells a guesser nothing about a part of it, and whoever reads this memory
        /// has the key itself.
        /// </remarks>
        public NodeCredential? Verify(string presented)
        {
            if (verified.TryGetValue(presented, out var known)) return known;
            if (NodeCredentialText.Verify(presented, Trust.FleetKey) is not { } credential) return null;
            if (verified.Count < Limits.NodeCredentialsKept) verified.TryAdd(presented, credential);
            return credential;
        }
    }
}

/// <summary>Keeps this silo's copy current, from the moment the silo takes calls until it stops.</summary>
public sealed class FleetTrustDuty([FromKeyedServices(HybridClock.Key)] TimeProvider clock, FleetTrustRing ring, ILogger<FleetTrustDuty> log) : ILifecycleParticipant<ISiloLifecycle>
{
    private readonly PeriodicWork work = new("Reading by what the cell knows its nodes", Limits.FleetTrustRefreshInterval, ring.RefreshAsync, clock, log);

    public void Participate(ISiloLifecycle observer) => observer.Subscribe(nameof(FleetTrustDuty), ServiceLifecycleStage.Active, StartAsync, _ => work.StopAsync());

    private Task StartAsync(CancellationToken cancellationToken)
    {
        work.Start();
        return Task.CompletedTask;
    }
}
