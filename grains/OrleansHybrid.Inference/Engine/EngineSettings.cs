using OrleansHybrid.Domain;

namespace OrleansHybrid.Inference.Engine;

/// <summary>What an engine does where a manifest says nothing.</summary>
/// <remarks>
/// Several runs at once with one thread each win over one run with every core: "all cores inside a run" halves throughput under load for small models (measured, see the benchmarks).
/// </remarks>
public sealed record EngineSettings
{
    /// <summary>Runs in flight at once of one variant, each on a thread of its own. 1 to <see cref="Limits.InstancesPerVariantMax"/>.</summary>
    public int DefaultInstances { get; init; } = Math.Clamp(Environment.ProcessorCount, 1, Limits.InstancesPerVariantMax);

    /// <summary>Threads inside one run. 1 to <see cref="Limits.IntraOpThreadsMax"/>.</summary>
    public int DefaultIntraOpThreads { get; init; } = 1;

    /// <summary>Run once with zeros before a variant counts as loaded.</summary>
    public bool WarmUp { get; init; } = true;

    /// <summary>
    /// How long one idle thread of a variant looks for the next request before it sleeps. Zero, it sleeps at once: on two busy cores looking took 4 to 8 µs of CPU a request
    /// with 16 callers, and more with one, from the threads that had something to do. Raise it where cores are idle and the first microseconds of latency count.
    /// </summary>
    public TimeSpan IdleSpin { get; init; } = TimeSpan.Zero;

    /// <summary>
    /// A run that lately took at most this is done on its caller's thread when nothing waits and the caller has no synchronization context: see CallerRuns. Zero: never,
    /// which a server wants, since its callers write to sockets on the same threads.
    /// </summary>
    public TimeSpan CallerRunMax { get; init; } = TimeSpan.Zero;

    /// <summary>What loaded variants may count for together, bytes, as <see cref="ResidentEngine"/> counts; 0: not bounded. 0 or more.</summary>
    public long MemoryBudgetBytes { get; init; }

    /// <summary>A variant that nobody asked for so long leaves the memory until it is asked for; zero: never. See <see cref="ResidentEngine"/>.</summary>
    public TimeSpan IdleUnloadAfter { get; init; }

    /// <summary>How long <see cref="OnnxInferenceEngine.DisposeAsync"/> lets requests in flight finish.</summary>
    public TimeSpan DrainMax { get; init; } = Limits.DrainMax;
}
