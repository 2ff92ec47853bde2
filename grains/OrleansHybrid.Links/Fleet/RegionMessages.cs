using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Nodes;
using Wire = OrleansHybrid.Links.Protocol.Fleet;

namespace OrleansHybrid.Links.Fleet;

/// <summary>A region's report in the fleet protocol, both ways.</summary>
public static class RegionMessages
{
    public static Wire.RegionReport Of(RegionReport report)
    {
        var message = new Wire.RegionReport
        {
            Region = report.Region,
            Zone = report.Zone.WireName(),
            OldestReportSeconds = report.Counts.OldestReportSeconds,
            Link = new Wire.LinkReport { Health = report.Link.Health, RoundTripMsP95 = report.Link.RoundTripMsP95, Loss = report.Link.Loss, SinceSeconds = report.Link.SinceSeconds },
        };
        message.Counts.AddRange(report.Counts.Rows.Select(c => new Wire.NodeCount { Kind = c.Kind, Health = c.Health, Model = c.Model, Version = c.Version, Stage = c.Stage, Nodes = c.Nodes }));
        message.Outliers.AddRange(report.Counts.Outliers.Select(o => new Wire.Outlier { Node = o.Node, Kind = o.Kind, Health = o.Health, AgeSeconds = o.AgeSeconds, What = o.What }));
        message.Totals.AddRange(report.Totals.Select(t => new Wire.VersionTotals { Model = t.Model, Version = t.Version, Requests = t.Requests, Failures = t.Failures, Epoch = t.Epoch }));
        message.ExpiredDocuments.AddRange(report.ExpiredDocuments);
        return message;
    }

    /// <param name="region">By the credential, or by the report where the credential names none.</param>
    /// <returns>The report, or what is wrong with it.</returns>
    public static (RegionReport? Report, string Wrong) Read(Wire.RegionReport message, string region)
    {
        if (message.Counts.Count > Limits.RegionCountsMax) return (null, $"The report has {message.Counts.Count} counts; at most {Limits.RegionCountsMax} are taken.");
        if (message.Outliers.Count > Limits.RegionOutliersMax) return (null, $"The report has {message.Outliers.Count} outliers; at most {Limits.RegionOutliersMax} are taken.");
        if (message.Totals.Count > Limits.RegionTotalsMax) return (null, $"The report has {message.Totals.Count} totals; at most {Limits.RegionTotalsMax} are taken.");
        if (message.ExpiredDocuments.Count > Limits.DocumentsMax) return (null, $"The report names {message.ExpiredDocuments.Count} expired documents; at most {Limits.DocumentsMax} are taken.");
        if (!Zones.TryParse(message.Zone, out var zone)) return (null, $"The report's zone is '{Cut(message.Zone)}'; expected {string.Join(", ", Zones.AllNames)}.");
        var counts = new NodeCounts(
            [.. message.Counts.Select(c => new NodeCount(Cut(c.Kind), Cut(c.Health), Cut(c.Model), c.Version, Cut(c.Stage), c.Nodes))],
            [.. message.Outliers.Select(o => new NodeOutlier(Cut(o.Node), Cut(o.Kind), Cut(o.Health), o.AgeSeconds, Cut(o.What)))],
            message.OldestReportSeconds);
        var link = message.Link is { } l ? new RegionLink(Cut(l.Health), l.RoundTripMsP95, l.Loss, l.SinceSeconds) : new RegionLink("unknown", 0, 0, 0);
        var totals = message.Totals.Select(t => new VersionTotal(Cut(t.Model), t.Version, t.Epoch, Math.Max(0, t.Requests), Math.Max(0, t.Failures)));
        return (new RegionReport(region, zone, counts, link, [.. totals], [.. message.ExpiredDocuments.Select(Cut)]), "");
    }

    private static string Cut(string text) => text.Length <= Limits.NodeTextCharsMax ? text : text[..Limits.NodeTextCharsMax];
}
