using Orleans.Storage;

namespace OrleansHybrid.Grains.Tests.Harness;

/// <summary>A store that does not answer until a test lets it fail.</summary>
internal sealed class StorageThatHangs : IGrainStorage
{
    private readonly TaskCompletionSource hanging = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>All that waits fails, and whatever comes later.</summary>
    public void Fail() => hanging.TrySetException(new IOException("The store went away."));

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => hanging.Task;

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => hanging.Task;

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => hanging.Task;
}
