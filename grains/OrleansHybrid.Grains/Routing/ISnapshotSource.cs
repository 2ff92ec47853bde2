using OrleansHybrid.Domain.Routing;

namespace OrleansHybrid.Grains.Routing;

/// <summary>The silo's current snapshot: a field read, so that a request costs no wait.</summary>
public interface ISnapshotSource
{
    ZoneSnapshot Current { get; }
}
