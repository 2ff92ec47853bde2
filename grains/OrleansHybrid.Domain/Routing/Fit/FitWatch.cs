using System.Globalization;
using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Domain.Routing.Fit;

/// <summary>What to watch first, and what a new version can do. Pure.</summary>
internal static class FitWatch
{
    /// <summary>The share of unsure answers tells of quality without labels; a version that states no confidence leaves the share that a fallback gave.</summary>
    public static FitMetric Metric(ModelManifest manifest, Zone first)
    {
        var labels = $"{{model=\"{manifest.Model}\",zone=\"{first.WireName()}\"}}";
        return manifest.Confidence is { } confidence
            ? new FitMetric(
                "hybrid_unsure_total",
                Ratio("hybrid_unsure_total", "hybrid_attempts_total", labels),
                string.Create(CultureInfo.InvariantCulture, $"Share of answers in {first.WireName()} under the confidence floor {confidence.Floor}. Note it in the first week; twice that is an alarm."))
            : new FitMetric(
                "hybrid_degraded_total",
                Ratio("hybrid_degraded_total", "hybrid_requests_total", $"{{model=\"{manifest.Model}\"}}"),
                "Share of answers that a fallback gave. The manifest states no confidence, so nothing tells an unsure answer: add labels or feedback.");
    }

    public static string UpdateRisk(FitHost host, ModelManifest manifest, IReadOnlyList<Zone> zones)
    {
        var cadence = host.Cadence?.WireName() ?? "an unknown cadence";
        if (zones is [Zone.Cloud]) return $"All requests change at once with a version ({cadence}): keep the one before ready to load.";
        var mib = zones.SelectMany(host.Variants).Select(v => v.FileBytes).DefaultIfEmpty().Max() / (double)(1 << 20);
        var where = zones.Contains(Zone.Device) ? "devices that are offline stay on the version before, and hardware differs" : "cells that are cut off stay on the version before";
        return $"Version drift ({cadence}): {where}. One version is up to {FitText.Number(mib)} MiB a host. Compare versions by GET /v1/versions/{manifest.Model}/{manifest.Version} in each cell.";
    }

    private static string Ratio(string part, string whole, string labels) => $"sum(rate({part}{labels}[5m])) / sum(rate({whole}{labels}[5m]))";
}
