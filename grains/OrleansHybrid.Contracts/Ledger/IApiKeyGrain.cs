using Orleans.Concurrency;
using OrleansHybrid.Domain.Ledger;

namespace OrleansHybrid.Contracts.Ledger;

/// <summary>The API keys of a cell, in one document. Key: the cell's name. No request passes it: silos keep a copy.</summary>
/// <remarks>It never sees a secret: who makes a key sends its hash.</remarks>
[Alias("hybrid.api-key-list"), GrainInterfaceType("hybrid.api-key-list")]
public interface IApiKeyGrain : IGrainWithStringKey
{
    /// <summary>The document when it has another revision, else null.</summary>
    [Alias("read"), AlwaysInterleave]
    Task<ApiKeyDocument?> ReadAsync(long knownRevision, CancellationToken cancellationToken);

    /// <summary>Every key with its last use.</summary>
    [Alias("list"), AlwaysInterleave]
    Task<IReadOnlyList<ApiKey>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Stores a key. When this returns it is written.</summary>
    [Alias("create")]
    Task<ApiKeyChange> CreateAsync(NewApiKey key, string id, string hash, CancellationToken cancellationToken);

    /// <summary>Ends a key. When this returns it is written.</summary>
    [Alias("revoke")]
    Task<ApiKeyChange> RevokeAsync(string id, CancellationToken cancellationToken);

    /// <summary>Notes when keys were used last; written later.</summary>
    [Alias("note-uses")]
    Task NoteUsesAsync(IReadOnlyList<ApiKeyUse> uses, CancellationToken cancellationToken);
}
