using System.Diagnostics.Metrics;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Grains.Routing;
using OrleansHybrid.Silo.Settings;

namespace OrleansHybrid.Silo.Telemetry;

/// <summary>How much of the policy's list this silo sheds, and what that took from requests, by entry.</summary>
/// <remarks>An entry is counted when a caller lost something by it: a plan that was asked for, a second opinion on an unsure answer, the answer itself.</remarks>
internal sealed class PressureMetrics : IRequestObserver
{
    private readonly CellSettings cell;
    private readonly Counter<long> shed;

    public PressureMetrics(IMeterFactory meters, CellSettings cell, IServiceProvider services)
    {
        this.cell = cell;
        var meter = meters.Create(BoxMetrics.MeterName);
        shed = meter.CreateCounter<long>("hybrid_shed", null, "What pressure took from requests, by entry of the policy's shed list.");

        // The snapshots come from the observers, of which this is one: they are looked up when somebody scrapes.
        meter.CreateObservableGauge("hybrid_pressure", () => Level(services), null, "Entries of the policy's shed list that are shed now.");
    }

    public void AttemptEnded(in AttemptReport attempt)
    {
    }

    public void RequestEnded(in RequestReport report)
    {
        var plan = report.Plan;
        if (plan.Shed == ShedKinds.None) return;
        if ((plan.Shed & ShedKinds.Tenant) != 0 && plan.Refusal == FailureCode.Overloaded) Count(new ShedItem(ShedKinds.Tenant, plan.Request.Caller.Tenant));
        if (report.Result.Response is not { } answer) return;
        if ((plan.Shed & ShedKinds.Explain) != 0) Count(new ShedItem(ShedKinds.Explain, ""));
        if ((plan.Shed & ShedKinds.Escalation) != 0 && answer.Confidence < plan.Settings.Floor) Count(new ShedItem(ShedKinds.Escalation, ""));
    }

    private void Count(ShedItem item) => shed.Add(1, new("cell", cell.Cell), new("item", item.ToString()));

    private Measurement<int> Level(IServiceProvider services) =>
        new(services.GetRequiredService<ISnapshotSource>().Current.Inputs.Pressure, new KeyValuePair<string, object?>("cell", cell.Cell));
}
