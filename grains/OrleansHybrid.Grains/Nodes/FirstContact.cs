using OrleansHybrid.Domain;

namespace OrleansHybrid.Grains.Nodes;

/// <summary>When a cell complains that the cell above does not answer: at once when it has answered before, and otherwise after <see cref="Limits.LinkFirstContactMax"/>.</summary>
public sealed class FirstContact(TimeProvider clock)
{
    private readonly long began = clock.GetTimestamp();
    private volatile bool heard;

    /// <summary>It may be starting as this cell is.</summary>
    public bool IsAwaited => !heard && clock.GetElapsedTime(began) < Limits.LinkFirstContactMax;

    public void Heard() => heard = true;
}
