using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Links.Upstreams;

namespace OrleansHybrid.Client;

/// <summary>What this device's planner reads: rebuilt when a model changed, and before a request once it is <see cref="Limits.SnapshotInterval"/> old.</summary>
/// <remarks>There is no timer on purpose: a device that asks nothing is not woken ten times a second, and no request sees an older state than with one.</remarks>
internal sealed class DeviceSnapshots : IDisposable
{
    private readonly HybridClientOptions options;
    private readonly IInferenceEngine engine;
    private readonly IModelRepository repository;
    private readonly UpstreamDirectory upstreams;
    private readonly VariantLoadMeter loads;
    private readonly AboveLoadMeter asked;
    private readonly PolicyKeeper policies;
    private readonly DeviceVariants variants;
    private readonly Lock building = new();
    private Built built;
    private volatile bool draining;

    public DeviceSnapshots(HybridClientOptions options, IInferenceEngine engine, IModelRepository repository, UpstreamDirectory upstreams, VariantLoadMeter loads, AboveLoadMeter above, PolicyKeeper policies, DeviceVariants variants)
    {
        (this.options, this.engine, this.repository, this.upstreams, this.loads, asked) = (options, engine, repository, upstreams, loads, above);
        (this.policies, this.variants) = (policies, variants);
        built = Build();
        repository.Changed += Rebuild;
        policies.Changed += Rebuild;
    }

    public ZoneSnapshot Current
    {
        get
        {
            if (IsFresh(Volatile.Read(ref built))) return Volatile.Read(ref built).Snapshot;
            lock (building)
            {
                if (!IsFresh(built)) Volatile.Write(ref built, Build());
                return built.Snapshot;
            }
        }
    }

    /// <summary>From now on nothing new is taken: the client is closing.</summary>
    public void Drain()
    {
        draining = true;
        Rebuild();
    }

    public void Dispose()
    {
        repository.Changed -= Rebuild;
        policies.Changed -= Rebuild;
    }

    private bool IsFresh(Built which) => options.Clock.GetElapsedTime(which.At) < Limits.SnapshotInterval;

    private void Rebuild()
    {
        lock (building) Volatile.Write(ref built, Build());
    }

    private Built Build()
    {
        var inputs = new SnapshotInputs(
            options.Node,
            Zone.Device,
            options.Node,
            policies.Current,
            repository.State,
            loads.Read(engine.State),
            [],
            upstreams.Above is { } above ? [above.State] : [],
            draining) { MemoryBytes = variants.FreeBytes, BatteryPercent = options.BatteryPercent(), MeteredLink = options.MeteredLink(), Above = asked.Read() };
        return new Built(SnapshotBuilder.Build(inputs), options.Clock.GetTimestamp());
    }

    private sealed record Built(ZoneSnapshot Snapshot, long At);
}
