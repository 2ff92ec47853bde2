using System.Diagnostics.Metrics;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Ledger;
using OrleansHybrid.Grains.Ledger;
using OrleansHybrid.Silo.Settings;

namespace OrleansHybrid.Silo.Telemetry;

/// <summary>What this silo booked, by zone: the ledger's figures as metrics. A tenant is no label: there may be a thousand.</summary>
internal sealed class LedgerMetrics
{
    private readonly CellSettings cell;
    private readonly LedgerTotals totals;

    public LedgerMetrics(IMeterFactory meters, CellSettings cell, LedgerTotals totals)
    {
        (this.cell, this.totals) = (cell, totals);
        var meter = meters.Create(BoxMetrics.MeterName);
        meter.CreateObservableGauge("hybrid_cost_per_1000_requests_microusd", Costs, null, "What 1,000 requests computed in the zone cost lately, in millionths of a US dollar.");
        Count(meter, "hybrid_ledger_money_microusd", null, "What this cell's own work cost, in millionths of a US dollar.", f => f.MoneyPicousd / (double)LedgerPrices.PicousdPerMicrousd);
        Count(meter, "hybrid_ledger_compute", "s", "Time of runs here, each batch counted once.", f => f.ComputeMs / 1000);
        Count(meter, "hybrid_ledger_link", "By", "Raw input sent over links to the zone.", f => f.LinkBytes);
        Count(meter, "hybrid_ledger_energy", "J", "Energy of runs, measured or declared.", f => f.EnergyJoules);
    }

    private void Count(Meter meter, string name, string? unit, string description, Func<LedgerFigures, double> figure) =>
        meter.CreateObservableCounter(name, () => Enum.GetValues<Zone>().Select(z => Measure(figure(totals.Of(z)), z)), unit, description);

    private IEnumerable<Measurement<double>> Costs() =>
        from zone in Enum.GetValues<Zone>()
        let cost = totals.CostPer1000(zone)
        where cost is not null
        select Measure(cost.Value, zone);

    private Measurement<double> Measure(double value, Zone zone) => new(value, new KeyValuePair<string, object?>("zone", zone.WireName()), new KeyValuePair<string, object?>("cell", cell.Cell));
}
