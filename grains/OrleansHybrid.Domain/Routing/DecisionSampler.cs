using System.Collections.Concurrent;

namespace OrleansHybrid.Domain.Routing;

/// <summary>Chooses the decisions that leave a record, and says how many requests each stands for. Deterministic: the clock is the caller's, chance is the request's id.</summary>
/// <remarks>
/// For each model and second: the first few requests and every notable one leave a record of weight 1; of the rest one in M does, of weight M, by a hash of
/// the id, so that a request is chosen in every cell it passes or in none. Both kinds have a bound a second; notable ones above it are sampled like the rest.
/// A client that gives all its requests one id is chosen always or never: the bound holds, the weights of its records do not.
/// </remarks>
public sealed class DecisionSampler(
    int firstPerSecond = Limits.DecisionsPerSecondFirst,
    int notablePerSecond = Limits.DecisionsNotablePerSecond,
    int oneIn = Limits.DecisionOneIn)
{
    private const int CountBits = 20;
    private readonly ConcurrentDictionary<string, Seconds> models = new(StringComparer.Ordinal);

    /// <summary>0: no record.</summary>
    public double WeightOf(string model, string requestId, bool notable, DateTimeOffset at)
    {
        var second = at.ToUnixTimeSeconds();
        var seconds = models.TryGetValue(model, out var known) ? known : models.GetOrAdd(model, static _ => new Seconds());
        if (notable && TakeOne(ref seconds.Notable, second, notablePerSecond)) return 1;
        if (!notable && TakeOne(ref seconds.First, second, firstPerSecond)) return 1;
        if (Hash(requestId) % (uint)oneIn != 0) return 0;
        return TakeOne(ref seconds.Sampled, second, notablePerSecond) ? oneIn : 0;
    }

    /// <summary>Whether the second has one left. Full, it is only read: no line of memory goes from core to core for a request that leaves nothing.</summary>
    private static bool TakeOne(ref long place, long second, int most)
    {
        while (true)
        {
            var seen = Volatile.Read(ref place);
            var count = seen >> CountBits == second ? seen & ((1 << CountBits) - 1) : 0;
            if (count >= most) return false;
            if (Interlocked.CompareExchange(ref place, (second << CountBits) | (count + 1), seen) == seen) return true;
        }
    }

    /// <summary>FNV-1a with a last mix, the same in every process.</summary>
    private static uint Hash(string text)
    {
        var hash = 2166136261u;
        foreach (var c in text) hash = (hash ^ c) * 16777619u;
        hash = (hash ^ (hash >> 16)) * 0x7feb352du;
        hash = (hash ^ (hash >> 15)) * 0x846ca68bu;
        return hash ^ (hash >> 16);
    }

    /// <summary>The second and the count taken in it, for each kind.</summary>
    private sealed class Seconds
    {
        public long First;
        public long Notable;
        public long Sampled;
    }
}
