using System.Collections.Concurrent;
using OrleansHybrid.Domain.Routing;

namespace OrleansHybrid.Domain.Models;

/// <summary>Measures how long requests wait and run lately, by variant of this engine: what predictions and reports stand on.</summary>
public sealed class VariantLoadMeter(TimeProvider clock) : IRequestObserver
{
    private readonly ConcurrentDictionary<VariantKey, Windows> measured = new();

    public void AttemptEnded(in AttemptReport attempt)
    {
        if (attempt.Target != AttemptTarget.Here || attempt.Failure is not null) return;
        var windows = measured.GetOrAdd(attempt.Variant, static (_, c) => new Windows(c), clock);
        windows.Queue.Add(attempt.Engine.Queue);
        windows.Run.Add(attempt.Engine.ComputeInput + attempt.Engine.Compute + attempt.Engine.ComputeOutput);
    }

    public void RequestEnded(in RequestReport report)
    {
    }

    /// <summary>The load of each variant that the engine holds and that ran lately, has requests waiting or is out of memory. One reader at a time, whoever makes the snapshots: reading rotates windows.</summary>
    public IReadOnlyDictionary<VariantKey, VariantLoad> Read(EngineState engine)
    {
        var loads = new Dictionary<VariantKey, VariantLoad>(measured.Count);
        foreach (var (key, variant) in engine.Variants)
        {
            var waiting = variant.Statistics.Waiting;
            var loadMs = variant.LoadFirst.TotalMilliseconds;
            if (measured.TryGetValue(key, out var windows)) loads[key] = windows.Read(waiting) with { Cold = !variant.IsResident, LoadMs = loadMs };
            else if (waiting > 0 || !variant.IsResident) loads[key] = new VariantLoad(0, 0, waiting, 0, Cold: !variant.IsResident, LoadMs: loadMs);
        }

        foreach (var key in measured.Keys)
        {
            if (!engine.Variants.ContainsKey(key)) measured.TryRemove(key, out _);
        }

        return loads;
    }

    private sealed class Windows(TimeProvider clock)
    {
        public LatencySketchWindow Queue { get; } = new(Limits.LatencyWindow, clock);

        public LatencySketchWindow Run { get; } = new(Limits.LatencyWindow, clock);

        public VariantLoad Read(int waiting)
        {
            var (runMsP95, samples) = Run.Read();
            return new VariantLoad(Queue.Read().MsP95, runMsP95, waiting, samples, HasRun: true);
        }
    }
}
