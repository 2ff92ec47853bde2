using OrleansHybrid.Domain.Privacy;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Grains;
using OrleansHybrid.Links.Upstreams;
using OrleansHybrid.Silo.Settings;
using OrleansHybrid.Silo.Tls;

namespace OrleansHybrid.Silo.Cells;

/// <summary>The way up and sideways: one client for the cell above and one for each peer silo, each leaving egress records of what crossed.</summary>
internal static class CellLinks
{
    /// <summary>A cell without an upstream never calls it.</summary>
    private const string Nowhere = "http://127.0.0.1:1";

    public static WebApplicationBuilder AddCellLinks(this WebApplicationBuilder builder, CellSettings cell)
    {
        builder.Services.AddSingleton(s => new UpstreamDirectory(
            Options(cell, s.GetRequiredService<CellTls>()),
            cell.Upstream is not null,
            s.GetRequiredService<IEgressLog>(),
            s.GetRequiredService<TensorPool>(),
            s.GetRequiredKeyedService<TimeProvider>(HybridClock.Key)));
        builder.Services.AddSingleton<IUpstreamDirectory>(s => s.GetRequiredService<UpstreamDirectory>());
        return builder;
    }

    internal static UpstreamOptions Options(CellSettings cell, CellTls tls) =>
        new(cell.Upstream?.GetLeftPart(UriPartial.Authority) ?? Nowhere, cell.Cell, cell.Zone)
        {
            Credential = cell.LinkKey,
            Tls = tls.Link,
            PeerTls = tls.Peers,
            InsecureLinks = cell.InsecureLinks,
            Seed = StringComparer.Ordinal.GetHashCode(cell.Node),
        };
}
