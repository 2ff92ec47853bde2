using System.Collections.Concurrent;
using Orleans.Storage;

namespace OrleansHybrid.Grains.Tests.Harness;

/// <summary>A store in memory that can be made to forget everything, as a flushed one does.</summary>
internal sealed class ForgetfulStorage : IGrainStorage
{
    private readonly ConcurrentDictionary<(GrainId, string), object?> states = new();
    private readonly ConcurrentDictionary<string, int> writes = new();

    /// <summary>Writes of the state of that name, by whatever grain; a silo's own duties write others meanwhile.</summary>
    public int WritesOf(string stateName) => writes.GetValueOrDefault(stateName);

    public void Forget() => states.Clear();

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var known = states.TryGetValue((grainId, stateName), out var state);
        (grainState.State, grainState.RecordExists) = (known ? (T)state! : Activator.CreateInstance<T>(), known);
        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        states[(grainId, stateName)] = grainState.State;
        grainState.RecordExists = true;
        writes.AddOrUpdate(stateName, 1, (_, n) => n + 1);
        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        states.TryRemove((grainId, stateName), out _);
        return Task.CompletedTask;
    }
}
