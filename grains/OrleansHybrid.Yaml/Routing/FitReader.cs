using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Privacy;
using OrleansHybrid.Domain.Routing.Fit;

namespace OrleansHybrid.Yaml.Routing;

/// <summary>Reads a feature's answers, YAML or JSON: exactly what <c>fit.schema.json</c> states, and that links lead up.</summary>
public static class FitReader
{
    private static readonly string[] RootKeys =
    [
        "feature", "model", "owner", "arrives_in", "latency_target_ms", "privacy", "updates", "offline", "quality", "sacred", "max_cost_microusd",
        "input_bytes", "requests_per_day", "device", "links", "compliance", "hosted_by", "runs", "delivery",
    ];

    private static readonly string[] ZoneKeys = [.. Zones.AllNames];

    /// <param name="fileName">As errors show it.</param>
    public static FitReading Read(ReadOnlySpan<byte> yaml, string fileName)
    {
        var (root, error) = YamlTree.Read(yaml);
        return Read(root, error, fileName);
    }

    /// <inheritdoc cref="Read(ReadOnlySpan{byte}, string)"/>
    public static FitReading ReadJson(ReadOnlyMemory<byte> json, string name)
    {
        var (root, error) = JsonTree.Read(json);
        return Read(root, error, name);
    }

    private static FitReading Read(YamlValue? root, ManifestError? error, string fileName)
    {
        var errors = new ErrorList();
        if (error is not null) errors.Add(error, new TextPlace(error.Line, error.Column));
        var map = root is null ? null : MapReader.From(root, "", errors, RootKeys);
        var answers = map is null ? null : ReadRoot(map, errors);
        return errors.Count == 0 ? new FitReading(answers, [], []) : new FitReading(null, errors.ToList(), errors.Render(fileName));
    }

    private static FitAnswers ReadRoot(MapReader map, ErrorList errors)
    {
        var arrivesIn = (Zone?)map.Choice("arrives_in", Zones.AllNames, required: true);
        var links = map.Map("links", ZoneKeys);
        if (links is not null && arrivesIn is { } lowest) RefuseLinksDown(links, lowest, errors);
        return new FitAnswers
        {
            Feature = map.Text("feature", TextRule.Name, required: true) ?? "",
            Model = map.Text("model", TextRule.Name) ?? "",
            Owner = map.Text("owner", PolicyTexts.Owner, required: true) ?? "",
            ArrivesIn = arrivesIn ?? Zone.Device,
            LatencyTargetMs = map.Integer("latency_target_ms", 1, (int)Limits.DeadlineMax.TotalMilliseconds, required: true) ?? 1,
            Privacy = (PrivacyCeiling?)map.Choice("privacy", PrivacyCeilings.AllNames, required: true) ?? PrivacyCeiling.Device,
            Updates = (UpdateCadence?)map.Choice("updates", UpdateCadences.AllNames),
            Offline = (OfflineNeed?)map.Choice("offline", FitWords.Offline),
            Quality = (QualityWatch?)map.Choice("quality", FitWords.Quality),
            Sacred = (SacredPriority?)map.Choice("sacred", FitWords.Sacred),
            MaxCostMicrousd = map.Integer("max_cost_microusd", 0, int.MaxValue),
            InputBytes = map.Integer("input_bytes", 0, (int)Limits.RequestBytesMax),
            RequestsPerDay = map.Number("requests_per_day", 0, Limits.FitRequestsPerDayMax),
            Device = map.Map("device", ["count", "memory_mib", "battery_wh", "battery_percent", "watts", "run_ms"]) is { } device ? ReadDevice(device) : new FitDevice(),
            Links = links is null ? new Dictionary<Zone, FitLink>() : ByZone(zone => links.Map(zone, ["round_trip_ms", "loss", "bandwidth_kbps", "offline_share"]) is { } link ? ReadLink(link) : null),
            Compliance = map.Has("compliance") ? ReadCompliance(map, errors) : null,
            HostedBy = map.Map("hosted_by", ZoneKeys) is { } hosts ? Values(zone => (HostedBy?)hosts.Choice(zone, FitWords.HostedBy)) : new Dictionary<Zone, HostedBy>(),
            Runs = map.Map("runs", ["startup_ms", "run_ms", "host_control", "load", "warm_state", "patched_by", "debugged_by", "rollback_minutes"]) is { } runs ? ReadRuns(runs) : new FitRunning(),
            Delivery = map.Map("delivery", ["within_weeks", "weeks"]) is { } delivery ? ReadDelivery(delivery) : new FitDelivery(),
        };
    }

    private static void RefuseLinksDown(MapReader links, Zone lowest, ErrorList errors)
    {
        foreach (var zone in Zones.AllNames.Take((int)lowest + 1).Where(links.Has))
        {
            errors.Add(new(links.PathOf(zone), $"links to zones above {lowest.WireName()}, where requests arrive", $"'{zone}'", "Remove it, or correct arrives_in"));
        }
    }

    private static FitDevice ReadDevice(MapReader map) => new(
        map.Integer("count", 1, int.MaxValue),
        map.Integer("memory_mib", 1, Limits.DeclaredMemoryMibMax),
        map.Number("battery_wh", 0, Limits.FitBatteryWhMax),
        map.Integer("battery_percent", 0, 100),
        map.Number("watts", 0, Limits.DeclaredWattsMax),
        map.Number("run_ms", 0, Limits.DeclaredLatencyMsMax));

    private static FitLink ReadLink(MapReader map) => new(
        map.Number("round_trip_ms", 0, Limits.DeadlineMax.TotalMilliseconds),
        map.Number("loss", 0, 1),
        map.Number("bandwidth_kbps", 1, Limits.FitBandwidthKbpsMax),
        map.Number("offline_share", 0, 1));

    private static List<ComplianceLimit> ReadCompliance(MapReader map, ErrorList errors)
    {
        var limits = new List<ComplianceLimit>();
        foreach (var (value, path) in map.List("compliance", 0, FitWords.Compliance.Count))
        {
            if (ScalarReader.Choice(value, path, FitWords.Compliance, errors) is { } index) limits.Add((ComplianceLimit)index);
        }

        return limits;
    }

    private static FitRunning ReadRuns(MapReader map) => new(
        map.Number("startup_ms", 0, Limits.DeclaredLatencyMsMax),
        map.Number("run_ms", 0, Limits.DeclaredLatencyMsMax),
        (HostControl?)map.Choice("host_control", FitWords.HostControl),
        (LoadShape?)map.Choice("load", FitWords.Load),
        (WarmState?)map.Choice("warm_state", FitWords.Warm))
    {
        PatchedBy = Texts(map.Map("patched_by", ZoneKeys)),
        DebuggedBy = Texts(map.Map("debugged_by", ZoneKeys)),
        RollbackMinutes = Numbers(map.Map("rollback_minutes", ZoneKeys), Limits.FitMinutesMax),
    };

    private static FitDelivery ReadDelivery(MapReader map) => new(map.Number("within_weeks", 0, Limits.FitWeeksMax))
    {
        Weeks = Numbers(map.Map("weeks", ZoneKeys), Limits.FitWeeksMax),
    };

    private static Dictionary<Zone, string> Texts(MapReader? map) =>
        map is null ? [] : ByZone(zone => map.Text(zone, PolicyTexts.Owner));

    private static Dictionary<Zone, double> Numbers(MapReader? map, double max) =>
        map is null ? [] : Values(zone => map.Number(zone, 0, max));

    private static Dictionary<Zone, T> ByZone<T>(Func<string, T?> read) where T : class
    {
        var found = new Dictionary<Zone, T>();
        foreach (var zone in Enum.GetValues<Zone>())
        {
            if (read(zone.WireName()) is { } value) found[zone] = value;
        }

        return found;
    }

    private static Dictionary<Zone, T> Values<T>(Func<string, T?> read) where T : struct
    {
        var found = new Dictionary<Zone, T>();
        foreach (var zone in Enum.GetValues<Zone>())
        {
            if (read(zone.WireName()) is { } value) found[zone] = value;
        }

        return found;
    }
}
