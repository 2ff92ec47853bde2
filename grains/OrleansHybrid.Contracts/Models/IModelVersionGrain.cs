using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Contracts.Models;

/// <summary>One version's life in this cell. Key: <see cref="ModelVersionKey"/>.</summary>
[Alias("hybrid.model-version"), GrainInterfaceType("hybrid.model-version")]
public interface IModelVersionGrain : IGrainWithStringKey
{
    /// <summary>Counts a batch once, however often it is sent.</summary>
    [Alias("add-counters")]
    Task<CounterReceipt> AddCountersAsync(CounterBatch batch, CancellationToken cancellationToken);

    [Alias("get")]
    Task<VersionReport> GetAsync(CancellationToken cancellationToken);
}
