using System.Diagnostics.Metrics;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Links.Privacy;
using OrleansHybrid.Links.Records;
using OrleansHybrid.Silo.Settings;
using OrleansHybrid.Silo.Telemetry;

namespace OrleansHybrid.Silo.Records;

/// <summary>How the logs of records do. Labels: cell, and store: <c>egress</c> or <c>decisions</c>.</summary>
internal sealed class RecordMetrics
{
    private readonly (string Store, Func<RecordLogState> State)[] logs;
    private readonly string cell;

    public RecordMetrics(IMeterFactory meters, CellSettings cell, EgressLog egress, RecordLog<DecisionRecord> decisions)
    {
        this.cell = cell.Cell;
        logs = [("egress", () => egress.State), ("decisions", () => decisions.State)];
        var meter = meters.Create(BoxMetrics.MeterName);
        meter.CreateObservableCounter("hybrid_records_written", () => Of(s => s.Written), null, "Records handed over since the start.");
        meter.CreateObservableCounter("hybrid_records_saved", () => Of(s => s.Saved), null, "Records that reached the disk.");
        meter.CreateObservableCounter("hybrid_records_lost", () => Of(s => s.Lost), null, "Records that made room before they reached the disk, or were too long for it.");
        meter.CreateObservableGauge("hybrid_records_failing", () => Of(s => s.Failing ? 1 : 0), null, "1 while records cannot be written to disk: an alarm.");
    }

    private IEnumerable<Measurement<long>> Of(Func<RecordLogState, long> figure) =>
        logs.Select(log => new Measurement<long>(figure(log.State()), new("cell", cell), new("store", log.Store)));
}
