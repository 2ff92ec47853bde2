using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Domain.Routing.Fit;

/// <summary>The questions that no request can be planned by: energy, links, updates, load, and who looks after what. Held against <see cref="FitThresholds"/>. Pure.</summary>
internal sealed class FitOwnRows(FitHost host, FitAnswers answers, PolicyConfig current)
{
    private static readonly FitCell Open = new(FitMark.Unknown, Why: "not answered");

    public IReadOnlyList<FitRow> All =>
    [
        Row("updates", "How often does the model change?", "versions a day", Updates),
        Row("update_fetch", "How much of that time does fetching one take?", "of the interval", UpdateFetch),
        Row("loss", "How much does the link lose?", "of packets", Loss),
        Row("bandwidth", "How much of the link do the inputs take at the peak?", "of the link", Bandwidth),
        Row("energy", "What does a day take from the battery?", "of the battery", Energy),
        Row("load", "How busy is a host at the peak?", "of the cores", Busy),
        Row("startup", "Does it start fast enough?", "ms", Startup),
        Row("run_length", "How long is the longest run?", "ms", RunLength),
        Row("warm_state", "Can the model stay loaded?", "of the memory", Warm),
        Row("host_control", "Can the feature decide what it needs of the host?", "", Control),
        Row("third_party", "Is raw data on hosts of our own alone?", "", ThirdParty),
        Row("quality", "How is the quality of answers watched?", "", Quality),
        Row("patching", "Who patches the base layer?", "", zone => Person(answers.Runs.PatchedBy, zone)),
        Row("debugging", "How is it debugged?", "", zone => Person(answers.Runs.DebuggedBy, zone)),
        Row("rollback", "How long does a way back take?", "minutes", Rollback),
        Row("delivery", "Is it out in time?", "weeks", Delivery),
        Row("owner", "Who answers for it?", "", _ => new FitCell(FitMark.Yes, Source: FigureSource.Answered, Why: answers.Owner)),
    ];

    private FitCell Updates(Zone zone)
    {
        if (host.Cadence is not { } cadence) return Open;
        var often = UpdateRules.ChangesOften(cadence);
        var number = FitThresholds.VersionsPerDay(cadence);
        // What counts as often is the planner's, so that both mean the same.
        return new FitCell(often && zone != Zone.Cloud ? FitMark.No : FitMark.Yes, number, zone == Zone.Cloud ? null : FitThresholds.VersionsPerDay(UpdateRules.OftenFrom - 1), host.CadenceSource, cadence.WireName());
    }

    private FitCell UpdateFetch(Zone zone)
    {
        if (zone == Zone.Cloud) return new FitCell(FitMark.Yes, Why: "versions are made there");
        if (host.Cadence is not { } cadence) return Open;
        var perDay = FitThresholds.VersionsPerDay(cadence);
        if (perDay == 0) return new FitCell(FitMark.Yes, 0, FitThresholds.UpdateFetchShareMax, host.CadenceSource);
        var bytes = host.Variants(zone).Select(v => v.FileBytes).FirstOrDefault();
        var kbps = host.Link(zone == answers.ArrivesIn ? zone + 1 : Zone.Cloud).BandwidthKbps;
        if (bytes == 0 || kbps is not > 0) return new FitCell(FitMark.Unknown, Threshold: FitThresholds.UpdateFetchShareMax, Why: bytes == 0 ? "no file for the zone" : "bandwidth not answered");
        var share = bytes * 8 / (kbps.Value * 1000) * perDay / TimeSpan.FromDays(1).TotalSeconds;
        return AtMost(new Figure(share, FigureSource.Measured | FigureSource.Answered), FitThresholds.UpdateFetchShareMax);
    }

    private FitCell Loss(Zone zone) => zone <= answers.ArrivesIn
        ? new FitCell(FitMark.Yes, Why: "no link on the way")
        : AtMost(Figure.Answered(host.Link(zone).Loss), FitThresholds.LossMax);

    private FitCell Bandwidth(Zone zone)
    {
        if (zone <= answers.ArrivesIn) return new FitCell(FitMark.Yes, Why: "no link on the way");
        var kbps = host.Link(zone).BandwidthKbps ?? 0;
        if (answers.InputBytes is not { } bytes || !host.PeakPerSecond.Known || kbps <= 0) return AtMost(default, FitThresholds.LinkUseMax);
        // Each device has a link of its own; a region's requests share one.
        var perLink = host.PeakPerSecond.Value / (answers.ArrivesIn == Zone.Device ? Math.Max(1, answers.Device.Count ?? 1) : 1);
        return AtMost(new Figure(perLink * bytes * 8 / (kbps * 1000), FigureSource.Answered), FitThresholds.LinkUseMax);
    }

    private FitCell Energy(Zone zone)
    {
        if (zone != Zone.Device || answers.Device.BatteryWh == 0) return new FitCell(FitMark.Yes, Why: "mains");
        var watts = Figure.Answered(answers.Device.Watts).Or(current.Prices.TryGetValue(zone.WireName(), out var price) && price.Watts > 0 ? new Figure(price.Watts, FigureSource.Price) : default);
        var run = host.Variants(zone) is [var best, ..] ? host.RunMs(zone, best) : default;
        if (answers.Device.BatteryWh is not { } capacity || !watts.Known || !run.Known || answers.RequestsPerDay is not { } day) return AtMost(default, FitThresholds.EnergyShareMax);
        var hours = day / Math.Max(1, answers.Device.Count ?? 1) * run.Value / TimeSpan.FromHours(1).TotalMilliseconds;
        return AtMost(new Figure(watts.Value * hours / capacity, watts.Source | run.Source | FigureSource.Answered), FitThresholds.EnergyShareMax);
    }

    private FitCell Busy(Zone zone)
    {
        var run = host.Variants(zone) is [var best, ..] ? host.RunMs(zone, best) : default;
        var cores = zone == Zone.Device ? new Figure(1, FigureSource.Answered) : host.Cores(zone);
        if (!host.PeakPerSecond.Known || !run.Known || !cores.Known) return AtMost(default, FitThresholds.BusyShareMax) with { Why = cores.Known ? "load or run not known" : "hosts not known" };
        var perHost = zone == Zone.Device ? host.PeakPerSecond.Value / Math.Max(1, answers.Device.Count ?? 1) : host.PeakPerSecond.Value;
        return AtMost(new Figure(perHost * run.Value / 1000 / cores.Value, FigureSource.Answered | run.Source | cores.Source), FitThresholds.BusyShareMax);
    }

    private FitCell Startup(Zone zone)
    {
        if (answers.Runs.Warm == WarmState.Kept) return new FitCell(FitMark.Yes, Why: "stays loaded");
        return answers.Runs.StartupMs is { } max ? AtMost(host.ColdStartMs(zone), max) : Open;
    }

    private FitCell RunLength(Zone zone) => AtMost(Figure.Answered(answers.Runs.RunMs), FitThresholds.RunMsMax(zone));

    private FitCell Warm(Zone zone)
    {
        if (answers.Runs.Warm is not { } state) return Open;
        if (state == WarmState.None) return new FitCell(FitMark.Yes, Why: "need not");
        var mib = host.Variants(zone) is [var best, ..] ? FitHost.VariantMib(best) : default;
        var free = host.HostMib(zone);
        return mib.Known && free.Known ? AtMost(new Figure(mib.Value / free.Value, mib.Source | free.Source), FitThresholds.WarmMemoryShareMax) : AtMost(default, FitThresholds.WarmMemoryShareMax) with { Why = "memory not known" };
    }

    private FitCell Control(Zone zone)
    {
        if (answers.Runs.HostControl is not { } wanted) return Open;
        var given = FitThresholds.ControlOf(zone, Hosted(zone));
        return new FitCell(wanted <= given ? FitMark.Yes : FitMark.No, Source: FigureSource.Answered, Why: $"needs {FitWords.HostControl[(int)wanted]}, has {FitWords.HostControl[(int)given]}");
    }

    private FitCell ThirdParty(Zone zone)
    {
        if (answers.Compliance is not { } limits) return Open;
        if (!limits.Contains(ComplianceLimit.NoThirdParty)) return new FitCell(FitMark.Yes, Why: "need not be", Source: FigureSource.Answered);
        return Hosted(zone) is not { } by
            ? new FitCell(FitMark.Unknown, Why: "who hosts it is not answered")
            : new FitCell(by == HostedBy.ThirdParty ? FitMark.No : FitMark.Yes, Source: FigureSource.Answered, Why: by == HostedBy.ThirdParty ? "hosted by a third party" : "own hosts");
    }

    /// <summary>The cloud has the reference at hand; a lower zone that nobody watches drifts unseen.</summary>
    private FitCell Quality(Zone zone)
    {
        if (answers.Quality is not { } watch) return Open;
        return new FitCell(watch == QualityWatch.None && zone != Zone.Cloud ? FitMark.No : FitMark.Yes, Source: FigureSource.Answered, Why: FitWords.Quality[(int)watch]);
    }

    private FitCell Rollback(Zone zone) =>
        AtMost(Figure.Answered(answers.Runs.RollbackMinutes.TryGetValue(zone, out var minutes) ? minutes : null), FitThresholds.RollbackMinutesMax(zone));

    private FitCell Delivery(Zone zone) => answers.Delivery.WithinWeeks is { } within
        ? AtMost(Figure.Answered(answers.Delivery.Weeks.TryGetValue(zone, out var weeks) ? weeks : null), within)
        : Open;

    private HostedBy? Hosted(Zone zone) => answers.HostedBy.TryGetValue(zone, out var by) ? by : null;

    private static FitCell Person(IReadOnlyDictionary<Zone, string> by, Zone zone) => by.TryGetValue(zone, out var who)
        ? new FitCell(who == FitWords.Nobody ? FitMark.No : FitMark.Yes, Source: FigureSource.Answered, Why: who)
        : Open;

    private static FitCell AtMost(Figure figure, double threshold) => figure.Known
        ? new FitCell(figure.Value <= threshold ? FitMark.Yes : FitMark.No, figure.Value, threshold, figure.Source)
        : new FitCell(FitMark.Unknown, Threshold: threshold, Why: "not answered");

    private static FitRow Row(string id, string question, string unit, Func<Zone, FitCell> cell) =>
        new(id, question, unit, cell(Zone.Device), cell(Zone.Edge), cell(Zone.Cloud));
}
