using System.Collections.Concurrent;
using Orleans.Storage;

namespace OrleansHybrid.Grains.Tests.Harness;

/// <summary>A store in memory that counts writes by grain.</summary>
internal sealed class CountingStorage : IGrainStorage
{
    private readonly ConcurrentDictionary<GrainId, int> writes = new();
    private readonly ConcurrentDictionary<(GrainId, string), object?> states = new();

    public int WritesOf(IAddressable grain) => writes.GetValueOrDefault(grain.GetGrainId());

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (states.TryGetValue((grainId, stateName), out var state)) (grainState.State, grainState.RecordExists) = ((T)state!, true);
        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        writes.AddOrUpdate(grainId, 1, (_, n) => n + 1);
        states[(grainId, stateName)] = grainState.State;
        grainState.RecordExists = true;
        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        states.TryRemove((grainId, stateName), out _);
        return Task.CompletedTask;
    }
}
