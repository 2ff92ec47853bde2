using Orleans.Storage;

namespace OrleansHybrid.Grains.Tests.Audit;

/// <summary>A store in memory that refuses a write made on an older state than it holds, as the real one does. Two clusters can share it.</summary>
internal sealed class EtagStorage : IGrainStorage
{
    private readonly Dictionary<(string Key, string State), (object? Value, string Etag)> states = [];
    private int written;

    /// <summary>Writes that were refused.</summary>
    public int Conflicts { get; private set; }

    /// <summary>Called before each write of the named state is judged; another writer may come in between.</summary>
    public Func<string, Task>? BeforeWrite { get; set; }

    /// <summary>The next write is done and its answer lost.</summary>
    public bool LoseAnswer { get; set; }

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        lock (states)
        {
            var known = states.TryGetValue((grainId.ToString(), stateName), out var row);
            (grainState.State, grainState.ETag, grainState.RecordExists) = (known ? (T)row.Value! : Activator.CreateInstance<T>(), known ? row.Etag : null, known);
        }

        return Task.CompletedTask;
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (BeforeWrite is { } before) await before(stateName);
        lock (states)
        {
            var key = (grainId.ToString(), stateName);
            var current = states.TryGetValue(key, out var row) ? row.Etag : null;
            if (current != grainState.ETag)
            {
                Conflicts++;
                throw new InconsistentStateException("another wrote", current ?? "", grainState.ETag ?? "");
            }

            var etag = (++written).ToString(System.Globalization.CultureInfo.InvariantCulture);
            states[key] = (grainState.State, etag);
            if (LoseAnswer && stateName == "audit")
            {
                LoseAnswer = false;
                throw new IOException("The answer was lost.");
            }

            (grainState.ETag, grainState.RecordExists) = (etag, true);
        }
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        lock (states) states.Remove((grainId.ToString(), stateName));
        (grainState.ETag, grainState.RecordExists, grainState.State) = (null, false, Activator.CreateInstance<T>());
        return Task.CompletedTask;
    }

    public bool Has(string stateName, string key)
    {
        lock (states) return states.Keys.Any(k => k.State == stateName && k.Key.EndsWith(key, StringComparison.Ordinal));
    }
}
