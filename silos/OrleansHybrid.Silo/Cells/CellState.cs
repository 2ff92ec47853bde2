namespace OrleansHybrid.Silo.Cells;

/// <summary>Whether the cell takes requests: after its start, until it drains.</summary>
internal sealed class CellState
{
    private volatile bool draining;

    public bool Draining => draining;

    public void StartDraining() => draining = true;
}
