using System.Collections.Concurrent;
using OrleansHybrid.Domain.Routing;

namespace OrleansHybrid.Domain.Models;

/// <summary>Measures how long peers and upstreams lately took for an answer, by address and version: what predictions of zones above stand on.</summary>
/// <remarks>A server that states its own time is believed; for another the link's round trip is taken off the whole call.</remarks>
public sealed class AboveLoadMeter(TimeProvider clock) : IRequestObserver
{
    private static readonly IReadOnlyDictionary<AboveKey, AboveLoad> Nothing = new Dictionary<AboveKey, AboveLoad>(0);
    private readonly ConcurrentDictionary<AboveKey, LatencySketchWindow> measured = new();

    public void AttemptEnded(in AttemptReport attempt)
    {
        if (attempt.Target == AttemptTarget.Here || attempt.Failure is not null) return;
        var key = new AboveKey(attempt.Candidate.Address, attempt.Candidate.Variant.Model, attempt.Candidate.Variant.Version);
        measured.GetOrAdd(key, static (_, c) => new LatencySketchWindow(Limits.LatencyWindow, c), clock).Add(TimeOf(attempt));
    }

    public void RequestEnded(in RequestReport report)
    {
    }

    /// <summary>What was measured lately; what went quiet is dropped, and is predicted from the manifest again. One reader at a time: reading rotates windows.</summary>
    public IReadOnlyDictionary<AboveKey, AboveLoad> Read()
    {
        if (measured.IsEmpty) return Nothing;
        var loads = new Dictionary<AboveKey, AboveLoad>(measured.Count);
        foreach (var (key, window) in measured)
        {
            var (msP95, samples) = window.Read();
            if (samples > 0) loads[key] = new AboveLoad(msP95, samples);
            else measured.TryRemove(key, out _);
        }

        return loads;
    }

    private static TimeSpan TimeOf(in AttemptReport attempt)
    {
        if (attempt.Above > TimeSpan.Zero) return attempt.Above;
        var own = attempt.RoundTrip - TimeSpan.FromMilliseconds(attempt.Candidate.RoundTripMs);
        return own > TimeSpan.Zero ? own : TimeSpan.Zero;
    }
}
