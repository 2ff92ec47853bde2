using System.Diagnostics.Metrics;
using OrleansHybrid.Inference.Engine;
using OrleansHybrid.Silo.Settings;

namespace OrleansHybrid.Silo.Telemetry;

/// <summary>What models hold of the memory budget, and how often they come and go, by reason.</summary>
internal sealed class ResidencyMetrics
{
    private readonly CellSettings cell;

    public ResidencyMetrics(IMeterFactory meters, CellSettings cell, ResidentEngine engine)
    {
        this.cell = cell;
        var (meter, figures) = (meters.Create(BoxMetrics.MeterName), engine.Residency);
        meter.CreateObservableGauge("hybrid_engine_resident_bytes", () => Of(engine.ResidentBytes), null, "What the variants in memory count for: declared, else estimated from their files.");
        meter.CreateObservableCounter(
            "hybrid_engine_evictions", () => new[] { Of(figures.EvictedForBudget, "budget"), Of(figures.EvictedIdle, "idle"), Of(figures.Unloaded, "operator") }, null, "Variants that left the memory, by reason.");
        meter.CreateObservableCounter(
            "hybrid_engine_loads", () => new[] { Of(figures.Loaded, "operator"), Of(figures.LoadedAgain, "request") }, null, "Variants that came into memory, by reason.");
    }

    private Measurement<long> Of(long value) => new(value, new KeyValuePair<string, object?>("cell", cell.Cell));

    private Measurement<long> Of(long value, string reason) => new(value, new("cell", cell.Cell), new("reason", reason));
}
