using System.Globalization;
using OrleansHybrid.Domain.Documents;
using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Domain.Nodes;

/// <summary>What a node should run. Pure: the same node and documents give the same answer everywhere.</summary>
/// <remarks>
/// Rules kept here:
/// <list type="bullet">
/// <item>Versions are the policy's choice among those that are not blocked.</item>
/// <item>Memory is given out by model name, then newest version first; each version gets the first variant of its manifest that lists the node's zone and fits what is left.</item>
/// <item>Files are the shared ones and the chosen variant's. A file that only other zones' variants name is never among them.</item>
/// <item>A version without a fitting variant stays known, with the reason, and without files.</item>
/// </list>
/// </remarks>
public static class DesiredStateRules
{
    private const double BytesPerMib = 1 << 20;

    /// <param name="catalogue">In any order.</param>
    /// <param name="revision">Of the documents that the catalogue is from.</param>
    public static DesiredState Of(DesiredStateNode node, IReadOnlyList<CatalogueEntry> catalogue, long revision)
    {
        var left = node.ModelMemoryBytes > 0 ? (double)node.ModelMemoryBytes : double.PositiveInfinity;
        var versions = new List<DesiredVersion>();
        foreach (var entry in catalogue.OrderBy(e => e.Model, StringComparer.Ordinal))
        {
            var chosen = Choose(entry).OrderByDescending(v => v.Version).Select(v => Place(node.Zone, entry.Model, v, ref left)).ToArray();
            versions.AddRange(Share(chosen).OrderBy(v => v.Version));
        }

        return new DesiredState(revision, versions);
    }

    private static IEnumerable<CatalogueVersion> Choose(CatalogueEntry entry)
    {
        var allowed = entry.Versions.Where(v => v.Blocked is null).ToArray();
        var selected = VersionPolicyRules.Select(entry.Policy.ToVersionPolicy(), allowed.Select(v => v.Version));
        return allowed.Where(v => selected.Contains(v.Version));
    }

    private static DesiredVersion Place(Zone zone, string model, CatalogueVersion version, ref double left)
    {
        var mine = version.Variants.Where(v => v.Zones.Contains(zone)).ToArray();
        var room = left;
        var fits = Array.Find(mine, v => v.MemoryMib * BytesPerMib <= room);
        if (fits is null) return new DesiredVersion(model, version.Version, null, version, [], 0, WhyNone(zone, mine, left));
        left -= fits.MemoryMib * BytesPerMib;
        return new DesiredVersion(model, version.Version, fits.Name, version, FilesOf(version, fits), 0, fits == mine[0] ? "" : WhyLess(mine[0], room));
    }

    private static CatalogueFile[] FilesOf(CatalogueVersion version, CatalogueVariant variant)
    {
        var wanted = version.Shared.Concat(variant.Files).ToHashSet(StringComparer.Ordinal);
        return [.. version.Files.Where(f => wanted.Contains(f.Name))];
    }

    /// <summary>Requests without a version go to the newest that the node can hold; where it holds none, to the newest, which is answered above.</summary>
    private static IEnumerable<DesiredVersion> Share(IReadOnlyList<DesiredVersion> newestFirst)
    {
        var serving = newestFirst.FirstOrDefault(v => v.Variant is not null) ?? newestFirst.FirstOrDefault();
        return newestFirst.Select(v => v == serving ? v with { SharePercent = 100 } : v);
    }

    private static string WhyNone(Zone zone, CatalogueVariant[] mine, double left) => mine.Length == 0
        ? $"No variant of this version is for the zone {zone.WireName()}; it is answered above."
        : string.Create(CultureInfo.InvariantCulture, $"No variant fits: the smallest for the zone {zone.WireName()} takes {mine.Min(v => v.MemoryMib):0.##} MiB, {left / BytesPerMib:0.##} MiB of the node's memory for models are left.");

    private static string WhyLess(CatalogueVariant best, double left) =>
        string.Create(CultureInfo.InvariantCulture, $"The variant {best.Name} takes {best.MemoryMib:0.##} MiB, {left / BytesPerMib:0.##} MiB of the node's memory for models are left.");
}
