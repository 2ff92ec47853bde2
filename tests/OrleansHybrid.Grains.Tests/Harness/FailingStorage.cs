using Orleans.Storage;

namespace OrleansHybrid.Grains.Tests.Harness;

/// <summary>A store in memory whose writes fail while a test says so, before or after they were done.</summary>
internal sealed class FailingStorage : IGrainStorage
{
    private readonly CountingStorage store = new();

    public bool Failing { get; set; }

    /// <summary>A failing write was done all the same: only its answer was lost.</summary>
    public bool StoresAllTheSame { get; set; }

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => store.ReadStateAsync(stateName, grainId, grainState);

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (!Failing || StoresAllTheSame) await store.WriteStateAsync(stateName, grainId, grainState);
        if (Failing) throw new IOException("The store went away.");
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => store.ClearStateAsync(stateName, grainId, grainState);
}
