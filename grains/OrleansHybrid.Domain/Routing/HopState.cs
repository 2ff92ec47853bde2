namespace OrleansHybrid.Domain.Routing;

/// <summary>What the cells that a request passed allow it still.</summary>
/// <param name="FromPeer">It came from a silo of this cell: it is answered here, and the one that sent it escalates.</param>
/// <param name="Closed">It came in a circle, or passed more cells than it may: nothing is tried.</param>
/// <param name="IsLast">It passed as many cells as it may: it goes no further.</param>
internal readonly record struct HopState(bool FromPeer, bool Closed, bool IsLast)
{
    public static HopState Of(in PlanRequest request, string cell)
    {
        var hops = request.Caller.Hops;
        if (hops.Count == 0) return default;
        var fromPeer = string.Equals(hops[^1], cell, StringComparison.Ordinal);
        var closed = hops.Count > Limits.HopsMax;
        for (var i = 0; i < hops.Count - 1; i++) closed |= string.Equals(hops[i], cell, StringComparison.Ordinal);
        return new HopState(fromPeer, closed, hops.Count >= Limits.HopsMax);
    }

    /// <summary>Whether the request passed the cell, or is in it.</summary>
    public static bool Passed(RoutePlan plan, string cell)
    {
        var hops = plan.Request.Caller.Hops;
        for (var i = 0; i < hops.Count; i++)
        {
            if (string.Equals(hops[i], cell, StringComparison.Ordinal)) return true;
        }

        return string.Equals(cell, plan.Snapshot.Inputs.Cell, StringComparison.Ordinal);
    }
}
