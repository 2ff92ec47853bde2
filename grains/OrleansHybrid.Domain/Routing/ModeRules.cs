namespace OrleansHybrid.Domain.Routing;

/// <summary>The modes as presets of the same two rules: which zones may answer, and in what order.</summary>
internal static class ModeRules
{
    /// <summary>Whether the mode lets the zone answer.</summary>
    public static bool Allows(RouteMode mode, Zone zone) => mode switch
    {
        RouteMode.OnlyOnDevice => zone == Zone.Device,
        RouteMode.OnlyEdge => zone == Zone.Edge,
        RouteMode.OnlyInCloud => zone == Zone.Cloud,
        _ => true,
    };

    /// <summary>Whether the mode names the zone, so that what a link costs is accepted.</summary>
    public static bool AsksFor(RouteMode mode, Zone zone) => mode switch
    {
        RouteMode.PreferInCloud => zone >= Zone.Edge,
        RouteMode.OnlyInCloud => zone == Zone.Cloud,
        RouteMode.OnlyEdge or RouteMode.PreferEdge => zone == Zone.Edge,
        _ => false,
    };

    /// <summary>Whether the mode, not the objective, orders the zones.</summary>
    public static bool Orders(RouteMode mode) => mode is RouteMode.PreferOnDevice or RouteMode.PreferEdge or RouteMode.PreferInCloud;

    /// <summary>The zone's place in an ordering mode: smaller is earlier. An edge that cannot answer is followed by the cloud, which is up.</summary>
    public static int Place(RouteMode mode, Zone zone) => mode switch
    {
        RouteMode.PreferInCloud => -(int)zone,
        RouteMode.PreferEdge => zone switch { Zone.Edge => 0, Zone.Cloud => 1, _ => 2 },
        _ => (int)zone,
    };
}
