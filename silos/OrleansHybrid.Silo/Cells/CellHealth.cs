namespace OrleansHybrid.Silo.Cells;

/// <summary>Liveness that asks nobody: a hung store must not make an orchestrator kill a cell that answers.</summary>
internal static class CellHealth
{
    public static WebApplication MapCellHealth(this WebApplication app)
    {
        app.MapGet("/health/live", static () => Results.Text("live")).ExcludeFromDescription();
        return app;
    }
}
