using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.Domain.Documents;
using OrleansHybrid.Links.Documents;
using OrleansHybrid.Silo.Fleet;
using OrleansHybrid.Silo.Settings;
using OrleansHybrid.Silo.Start;
using OrleansHybrid.Silo.Store;

namespace OrleansHybrid.Silo.Documents;

/// <summary>The farm's documents: signed at the cell without an upstream, followed by every other, kept on each silo's disk.</summary>
internal static class CellDocuments
{
    private const string KeyFile = "document.key";

    /// <summary>After the policy, which documents carry.</summary>
    public static WebApplicationBuilder AddCellDocuments(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<DocumentHolder>().AddSingleton<IDocumentSource>(s => s.GetRequiredService<DocumentHolder>());
        builder.Services.AddSingleton(s => new PublisherFolder(s.GetRequiredService<CellSettings>().Publishers, Warn(s)));
        builder.Services.AddSingleton<Func<IReadOnlyList<PublisherKey>>>(s => () => s.GetRequiredService<PublisherFolder>().Keys);
        builder.Services.AddSingleton(s => new DocumentStore(Path.Combine(s.GetRequiredService<DataFolder>().Path, "documents")));
        builder.Services.AddSingleton(s => KeyOf(s.GetRequiredService<CellSettings>()));
        builder.Services.AddSingleton<DocumentTold>().AddSingleton<DocumentKeeper>().AddSingleton<DocumentPublisher>().AddSingleton<AuthorityDuties>();
        builder.Services.AddSingleton<DocumentsAbove>().AddSingleton<PolicyFollower>().AddSingleton<Admin.CatalogueChanger>().AddSingleton<DocumentCalls>();
        builder.Services.AddHostedService<DocumentStart>();
        return builder;
    }

    private static AuthorityKey KeyOf(CellSettings cell)
    {
        if (cell.Upstream is not null) return new AuthorityKey(null);
        var path = cell.DocumentKey ?? Path.Combine(cell.Data, KeyFile);
        return new AuthorityKey(DocumentKeyFile.Open(path, make: cell.DocumentKey is null, out var problem) ?? throw new StartFailure("--document-key: " + problem));
    }

    private static Action<string> Warn(IServiceProvider services)
    {
        var log = services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(PublisherFolder).FullName!);
        return text => Told.Warn(log, text);
    }
}

internal static partial class Told
{
    [LoggerMessage(LogLevel.Warning, "{Text}")]
    public static partial void Warn(ILogger log, string text);
}
