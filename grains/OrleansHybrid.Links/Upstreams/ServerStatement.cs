using OrleansHybrid.Domain;

namespace OrleansHybrid.Links.Upstreams;

/// <summary>What a server of this product says of itself in <c>ServerMetadata.extensions</c>: its cell, zone and node. Gateway and client share this one form.</summary>
/// <param name="Cell">Null when it does not say.</param>
/// <param name="Zone">Null when it says none, as a foreign server does; a zone that nobody knows reads as cloud.</param>
public sealed record ServerStatement(string? Cell, Zone? Zone, string? Node)
{
    private const string CellPrefix = "hybrid.cell=";
    private const string ZonePrefix = "hybrid.zone=";
    private const string NodePrefix = "hybrid.node=";

    public static ServerStatement Nothing { get; } = new(null, null, null);

    /// <summary>The entries that a server adds to its list of extensions.</summary>
    public static IEnumerable<string> Extensions(string cell, Zone zone, string node) => [CellPrefix + cell, ZonePrefix + zone.WireName(), NodePrefix + node];

    public static ServerStatement Read(IEnumerable<string> extensions)
    {
        var statement = Nothing;
        foreach (var entry in extensions)
        {
            if (entry.Length > Limits.NameCharsMax) continue;
            if (entry.StartsWith(CellPrefix, StringComparison.Ordinal)) statement = statement with { Cell = entry[CellPrefix.Length..] };
            else if (entry.StartsWith(NodePrefix, StringComparison.Ordinal)) statement = statement with { Node = entry[NodePrefix.Length..] };
            else if (entry.StartsWith(ZonePrefix, StringComparison.Ordinal)) statement = statement with { Zone = Higher(statement.Zone, entry[ZonePrefix.Length..]) };
        }

        return statement;
    }

    private static Zone Higher(Zone? before, string text)
    {
        var zone = Zones.TryParse(text, out var known) ? known : Domain.Zone.Cloud;
        return before is { } other && other > zone ? other : zone;
    }
}
