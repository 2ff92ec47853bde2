using OrleansHybrid.Domain.Nodes;
using OrleansHybrid.Silo.Fleet;

namespace OrleansHybrid.Silo.Bundles;

/// <summary>Published versions on their way through this cell: from above or from peers to this silo, and on to the cell's nodes.</summary>
internal static class CellBundles
{
    public static WebApplicationBuilder AddCellBundles(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<PublishedModels>().AddSingleton<IDesiredStateSource>(s => s.GetRequiredService<PublishedModels>());
        builder.Services.AddSingleton<IEnrolmentTrust, EnrolmentTrust>();
        builder.Services.AddSingleton<AboveSource>().AddSingleton<PeerSources>().AddSingleton<CellSource>().AddSingleton<BlobPull>().AddSingleton<BlobCalls>();
        builder.Services.AddSingleton<CellInstaller>().AddSingleton<IManagedVersions>(s => s.GetRequiredService<CellInstaller>());
        builder.Services.AddHostedService(s => s.GetRequiredService<CellInstaller>());
        return builder;
    }
}
