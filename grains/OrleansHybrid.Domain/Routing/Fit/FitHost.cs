using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Domain.Routing.Fit;

/// <summary>The figures of each zone, from measurement, answers and manifest, each with its source. Pure.</summary>
/// <remarks>
/// Which one counts: on a device what the team measured there; in this silo's zone what was measured here; elsewhere what the manifest declares, or,
/// where it declares nothing, what this host measured of the same variant. Of a link's measured and expected round trip the worse.
/// </remarks>
internal sealed class FitHost(FitAnswers answers, FitFigures figures)
{
    private const double BytesPerMib = 1 << 20;

    /// <summary>Variants for the zone, best first.</summary>
    public IReadOnlyList<VariantManifest> Variants(Zone zone) => [.. figures.Manifest.Variants.Where(v => v.Zones.Contains(zone))];

    /// <summary>p95 of one run, milliseconds.</summary>
    public Figure RunMs(Zone zone, VariantManifest variant)
    {
        var declared = Figure.Declared(variant.LatencyMs);
        var measured = figures.Runs.TryGetValue(variant.Name, out var runs) ? Figure.Measured(runs.MsP95) : default;
        if (zone == Zone.Device) return Figure.Answered(answers.Device.RunMs).Or(declared).Or(measured);
        return zone == figures.Here ? measured.Or(declared) : declared.Or(measured);
    }

    /// <summary>Memory of one loaded variant, MiB: what is declared, else the file's size, which is the least it can be.</summary>
    public static Figure VariantMib(VariantManifest variant) =>
        Figure.Declared(variant.MemoryMib).Or(variant.FileBytes > 0 ? Figure.Measured(variant.FileBytes / BytesPerMib) : default);

    /// <summary>Memory of a host of the zone, MiB.</summary>
    public Figure HostMib(Zone zone)
    {
        if (zone == Zone.Device) return Figure.Answered(answers.Device.MemoryMib);
        return zone == figures.Here ? figures.HostMemoryMib : default;
    }

    public Figure Cores(Zone zone) => zone == figures.Here && zone != Zone.Device ? figures.HostCores : default;

    /// <summary>Cold start, milliseconds.</summary>
    public Figure ColdStartMs(Zone zone) => zone == figures.Here && zone != Zone.Device
        ? Variants(zone).Select(v => figures.Runs.GetValueOrDefault(v.Name)).FirstOrDefault(r => r is { ColdStartMs: > 0 }) is { } runs ? Figure.Measured(runs.ColdStartMs) : default
        : default;

    public FitLink Link(Zone zone) => answers.Links.GetValueOrDefault(zone) ?? new FitLink();

    /// <summary>Round trip p95 from where requests arrive to the zone, with the time its input takes on the way, milliseconds.</summary>
    public Figure LinkMs(Zone zone)
    {
        if (zone <= answers.ArrivesIn) return new Figure(0, FigureSource.Answered);
        var measured = figures.Here == answers.ArrivesIn && figures.LinkMs.TryGetValue(zone, out var ms) ? Figure.Measured(ms) : default;
        var roundTrip = Figure.Worse(Figure.Answered(Link(zone).RoundTripMs), measured);
        if (!roundTrip.Known) return default;
        var sending = SendMs(zone);
        return new Figure(roundTrip.Value + sending, sending > 0 ? roundTrip.Source | FigureSource.Answered : roundTrip.Source);
    }

    /// <summary>How often the model changes: by the answer, else by the manifest; null when neither says.</summary>
    public UpdateCadence? Cadence => answers.Updates ?? figures.Manifest.Updates;

    public FigureSource CadenceSource => answers.Updates is not null ? FigureSource.Answered : figures.Manifest.Updates is not null ? FigureSource.Declared : FigureSource.None;

    /// <summary>Requests in the busiest second; none: volume not answered.</summary>
    public Figure PeakPerSecond
    {
        get
        {
            if (answers.RequestsPerDay is not { } day || answers.Runs.Load is not { } load) return default;
            return Figure.Answered(day / TimeSpan.FromDays(1).TotalSeconds * (load == LoadShape.Bursty ? FitThresholds.BurstyPeak : FitThresholds.SteadyPeak));
        }
    }

    private double SendMs(Zone zone) =>
        answers.InputBytes is { } bytes && Link(zone).BandwidthKbps is > 0 and var kbps ? bytes * 8 / kbps : 0;
}
