using OrleansHybrid.Domain.Privacy;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Grains;
using OrleansHybrid.Links.Upstreams;
using OrleansHybrid.Silo.Settings;

namespace OrleansHybrid.Silo.Cells;

/// <summary>The way up and sideways: one client for the cell above and one for each peer silo, each leaving egress records of what crossed.</summary>
internal static class CellLinks
{
    /// <summary>A cell without an upstream never calls it.</summary>
    private const string Nowhere = "http://127.0.0.1:1";

    public static WebApplicationBuilder AddCellLinks(this WebApplicationBuilder builder, CellSettings cell)
    {
        builder.Services.AddSingleton(s => new UpstreamDirectory(
            Options(cell),
            cell.Upstream is not null,
            s.GetRequiredService<IEgressLog>(),
            s.GetRequiredService<TensorPool>(),
            s.GetRequiredKeyedService<TimeProvider>(HybridClock.Key)));
        builder.Services.AddSingleton<IUpstreamDirectory>(s => s.GetRequiredService<UpstreamDirectory>());
        return builder;
    }

    internal static UpstreamOptions Options(CellSettings cell) =>
        new(cell.Upstream?.GetLeftPart(UriPartial.Authority) ?? Nowhere, cell.Cell, cell.Zone)
        {
            Credential = cell.LinkKey,
            InsecureLinks = cell.InsecureLinks,
            Seed = StringComparer.Ordinal.GetHashCode(cell.Node),
        };
}
