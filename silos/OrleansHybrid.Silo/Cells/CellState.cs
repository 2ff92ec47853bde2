namespace OrleansHybrid.Silo.Cells;

/// <summary>Whether the cell takes requests: from the end of its start, until it drains.</summary>
internal sealed class CellState
{
    private volatile bool started;
    private volatile bool draining;

    public bool Ready => started && !draining;

    public bool Draining => draining;

    public void Started() => started = true;

    public void StartDraining() => draining = true;
}
