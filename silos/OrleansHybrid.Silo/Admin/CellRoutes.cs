using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Links.Upstreams;
using OrleansHybrid.Silo.Cells;
using OrleansHybrid.Silo.Settings;

namespace OrleansHybrid.Silo.Admin;

/// <summary><c>GET /v1/health</c>: the cell at a glance.</summary>
internal static class CellRoutes
{
    public static void MapCellStatus(this IEndpointRouteBuilder admin) =>
        admin.MapGet("/health", (CellSettings cell, CellState state, IModelRepository repository, UpstreamDirectory links) => new CellView(
                cell.Cell,
                cell.Zone.WireName(),
                cell.Node,
                state.Ready,
                state.Draining,
                repository.State.Models.Values.Sum(m => m.Versions.Count(v => v.State == VersionState.Ready)),
                repository.State.Models.Values.Sum(m => m.Versions.Count(v => v.State == VersionState.Unavailable)),
                links.Above?.State.Health.ToString().ToLowerInvariant()))
            .WithName("GetHealth").WithSummary("The cell at a glance.");
}

/// <param name="Upstream">The health of the link to the cell above; null when there is none.</param>
internal sealed record CellView(string Cell, string Zone, string Node, bool Ready, bool Draining, int VersionsReady, int VersionsUnavailable, string? Upstream);
