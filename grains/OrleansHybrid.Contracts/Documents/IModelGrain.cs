using OrleansHybrid.Domain.Documents;

namespace OrleansHybrid.Contracts.Documents;

/// <summary>One model's catalogue entry, at the farm's authority. Key: the model's name.</summary>
/// <remarks>What a change returns is stored, and has to be published by the silo that asked, which has the document key. When that silo dies first, a duty of any silo does it.</remarks>
[Alias("hybrid.model"), GrainInterfaceType("hybrid.model")]
public interface IModelGrain : IGrainWithStringKey
{
    /// <summary>The entry; null: no version was ever added.</summary>
    [Alias("get")]
    Task<CatalogueEntry?> GetAsync(CancellationToken cancellationToken);

    [Alias("add-version")]
    Task<CatalogueChange> AddVersionAsync(CatalogueVersion version, CancellationToken cancellationToken);

    [Alias("set-policy")]
    Task<CatalogueChange> SetPolicyAsync(CataloguePolicy policy, CancellationToken cancellationToken);

    /// <param name="reason">Shown wherever the version is.</param>
    [Alias("block")]
    Task<CatalogueChange> BlockAsync(int version, string reason, CancellationToken cancellationToken);

    [Alias("unblock")]
    Task<CatalogueChange> UnblockAsync(int version, CancellationToken cancellationToken);
}
