using System.Collections.Concurrent;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Routing;

namespace OrleansHybrid.Client;

/// <summary>Measures how long requests lately waited for and ran in this device's engine: what predictions stand on.</summary>
internal sealed class DeviceLoadMeter(TimeProvider clock) : IRequestObserver
{
    private readonly ConcurrentDictionary<VariantKey, (LatencySketchWindow Queue, LatencySketchWindow Run)> measured = new();

    public void AttemptEnded(in AttemptReport attempt)
    {
        if (attempt.Target != AttemptTarget.Here || attempt.Failure is not null) return;
        var (queue, run) = measured.GetOrAdd(attempt.Variant, static (_, c) => (new(Limits.LatencyWindow, c), new(Limits.LatencyWindow, c)), clock);
        queue.Add(attempt.Engine.Queue);
        run.Add(attempt.Engine.ComputeInput + attempt.Engine.Compute + attempt.Engine.ComputeOutput);
    }

    public void RequestEnded(InferenceRequest request, InferenceResult result, TimeSpan routeTime, TimeSpan total)
    {
    }

    /// <summary>The load of every variant that the engine holds; what it no longer holds is forgotten. One reader at a time: reading rotates windows.</summary>
    public IReadOnlyDictionary<VariantKey, VariantLoad> Read(EngineState engine)
    {
        foreach (var key in measured.Keys)
        {
            if (!engine.Variants.ContainsKey(key)) measured.TryRemove(key, out _);
        }

        return engine.Variants.ToDictionary(v => v.Key, v => Load(v.Key, v.Value.Statistics.Waiting));
    }

    private VariantLoad Load(VariantKey variant, int waiting)
    {
        if (!measured.TryGetValue(variant, out var windows)) return new VariantLoad(0, 0, waiting, 0);
        var (runMsP95, samples) = windows.Run.Read();
        return new VariantLoad(windows.Queue.Read().MsP95, runMsP95, waiting, samples);
    }
}
