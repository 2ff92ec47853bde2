using OrleansHybrid.Domain.Routing;

namespace OrleansHybrid.Contracts.Routing;

/// <summary>The policies of a cell: every accepted revision with its text. Key: the cell's name.</summary>
/// <remarks>Never on a request's way: each silo follows it and applies what it last read.</remarks>
[Alias("hybrid.policy"), GrainInterfaceType("hybrid.policy")]
public interface IPolicyGrain : IGrainWithStringKey
{
    /// <summary>Takes a policy that compiled, by <see cref="PolicyStoreRules"/>. What comes back as accepted is stored.</summary>
    [Alias("offer")]
    Task<PolicyReceipt> OfferAsync(PolicyOffer offer, CancellationToken cancellationToken);

    /// <summary>The current policy, with its document unless the caller has it.</summary>
    /// <param name="revision">What the caller has; 0: nothing.</param>
    [Alias("head")]
    Task<PolicyHead> HeadAsync(long revision, string digest, CancellationToken cancellationToken);

    /// <summary>Every kept revision without its text, oldest first.</summary>
    [Alias("list")]
    Task<IReadOnlyList<PolicyRevision>> ListAsync(CancellationToken cancellationToken);

    /// <summary>One kept revision; null when there is none.</summary>
    [Alias("find")]
    Task<PolicyDocument?> FindAsync(long revision, CancellationToken cancellationToken);
}
