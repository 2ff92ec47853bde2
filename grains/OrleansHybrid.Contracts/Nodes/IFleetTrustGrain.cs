using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Nodes;

namespace OrleansHybrid.Contracts.Nodes;

/// <summary>By what a cell knows its nodes: fleet key, join tokens, revoked credentials, in one document. Key: the cell's name. No check-in passes it: silos keep a copy.</summary>
/// <remarks>It never sees a token's secret: who makes or uses one sends its hash. When a change returns it is written.</remarks>
[Alias("hybrid.fleet-trust-keeper"), GrainInterfaceType("hybrid.fleet-trust-keeper")]
public interface IFleetTrustGrain : IGrainWithStringKey
{
    /// <summary>The document when it has another revision, else null. The first call makes the fleet key.</summary>
    [Alias("read")]
    Task<FleetTrust?> ReadAsync(long knownRevision, CancellationToken cancellationToken);

    [Alias("create-token")]
    Task<JoinTokenChange> CreateTokenAsync(NewJoinToken token, string id, string hash, CancellationToken cancellationToken);

    [Alias("revoke-token")]
    Task<JoinTokenChange> RevokeTokenAsync(string id, CancellationToken cancellationToken);

    /// <summary>Takes one use of a token.</summary>
    [Alias("use-token")]
    Task<JoinTokenChange> UseTokenAsync(string id, string hash, CancellationToken cancellationToken);

    /// <summary>Ends a credential; null when it has ended.</summary>
    [Alias("revoke-serial")]
    Task<InferenceFailure?> RevokeSerialAsync(string serial, CancellationToken cancellationToken);

    /// <summary>Shuts a region out: its credential, where it has one, and every certificate of its name; null when it is out.</summary>
    [Alias("revoke-region")]
    Task<InferenceFailure?> RevokeRegionAsync(string region, string serial, CancellationToken cancellationToken);

    /// <summary>Lets a region in again that enrolled anew.</summary>
    [Alias("readmit-region")]
    Task ReadmitRegionAsync(string region, CancellationToken cancellationToken);

    /// <summary>Notes a region, so that it is listed; null when it is.</summary>
    [Alias("know-region")]
    Task<InferenceFailure?> KnowRegionAsync(string region, CancellationToken cancellationToken);
}
