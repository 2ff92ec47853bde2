using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Grains.Nodes;

namespace OrleansHybrid.Grains.Routing;

/// <summary>Makes this silo's snapshot and swaps it whole: when the repository or the policy changed, when told to, and at every interval.</summary>
/// <remarks>Requests read <see cref="Current"/>, a field. A snapshot that cannot be built leaves the last one in place.</remarks>
public sealed class SnapshotPublisher : ISnapshotSource, IDisposable
{
    private readonly HybridGrainsOptions options;
    private readonly IServiceProvider services;
    private readonly IInferenceEngine engine;
    private readonly IModelRepository repository;
    private readonly PolicyHolder policy;
    private readonly VariantLoadMeter loads;
    private readonly PeerDirectory peers;
    private readonly AboveLoadMeter above;
    private readonly PressureMeter pressure;
    private readonly Lock building = new();
    private readonly long memoryBytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
    private ZoneSnapshot current;
    private volatile bool draining;

    public SnapshotPublisher(
        HybridGrainsOptions options,
        IServiceProvider services,
        IInferenceEngine engine,
        IModelRepository repository,
        PolicyHolder policy,
        VariantLoadMeter loads,
        PeerDirectory peers,
        AboveLoadMeter above,
        PressureMeter pressure)
    {
        (this.options, this.services, this.engine) = (options, services, engine);
        (this.repository, this.policy, this.loads, this.peers) = (repository, policy, loads, peers);
        (this.above, this.pressure) = (above, pressure);
        current = Build();
        repository.Changed += Publish;
        policy.Changed += Publish;
    }

    public ZoneSnapshot Current => Volatile.Read(ref current);

    /// <summary>Builds and swaps now. For any thread; builds run one after the other, so the last swapped is the last built.</summary>
    public void Publish()
    {
        lock (building) Volatile.Write(ref current, Build());
    }

    /// <summary>From now on this silo takes nothing new: it is stopping.</summary>
    public void Drain()
    {
        draining = true;
        Publish();
    }

    public void Dispose()
    {
        repository.Changed -= Publish;
        policy.Changed -= Publish;
    }

    private ZoneSnapshot Build()
    {
        var (rules, catalogue, local) = (policy.Current, repository.State, loads.Read(engine.State));
        return SnapshotBuilder.Build(new SnapshotInputs(
            options.Cell, options.Zone, options.Node, rules, catalogue, local, peers.Read(), options.UpstreamStates(services), draining)
        {
            MemoryBytes = memoryBytes,
            Above = above.Read(),
            Pressure = pressure.Read(local, catalogue, rules),
        });
    }
}
