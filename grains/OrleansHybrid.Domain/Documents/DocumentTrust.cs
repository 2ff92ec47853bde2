using OrleansHybrid.Domain.Bundles;

namespace OrleansHybrid.Domain.Documents;

/// <summary>What a place trusts.</summary>
/// <param name="Publishers">Public keys; a document key that none of them endorsed signs nothing here.</param>
/// <param name="Farm">The farm that this place belongs to; empty: not known yet, the first that is verified is kept.</param>
public sealed record DocumentTrust(IReadOnlyList<PublisherKey> Publishers, string Farm);
