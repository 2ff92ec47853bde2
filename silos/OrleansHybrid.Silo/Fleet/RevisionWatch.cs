using OrleansHybrid.Contracts;
using OrleansHybrid.Domain.Documents;
using OrleansHybrid.Silo.Settings;

namespace OrleansHybrid.Silo.Fleet;

/// <summary>Notices at the farm's authority that a region holds documents which this cell does not know any more: it was restored from an old copy.</summary>
/// <remarks>Its numbers then go on above the region's, so that what is published next is taken there. What to publish is left to people: the old content does not come back by itself.</remarks>
internal sealed partial class RevisionWatch(CellSettings cell, IGrainFactory grains, IServiceProvider services, ILogger<RevisionWatch> log)
{
    private readonly IDocumentSource? documents = services.GetService<IDocumentSource>();
    private long known;

    /// <param name="revision">Of the documents that the region holds.</param>
    public async ValueTask HeardAsync(string region, long revision, CancellationToken cancellationToken)
    {
        if (cell.Upstream is not null || documents is null || revision <= Math.Max(known, documents.Current.Revision)) return;
        var own = documents.Current.Revision;
        if (await grains.GetDocuments(cell.Cell).LearnAsync(revision, cancellationToken)) LogBehind(log, region, revision, own);
        known = revision;
    }

    [LoggerMessage(LogLevel.Error, "The region {Region} holds documents up to revision {Revision}, and this cell up to {Own}: it was restored from an old copy. What is published from now on is above. Compare GET /v1/catalogue of both, and push or block again what is missing here.")]
    private static partial void LogBehind(ILogger log, string region, long revision, long own);
}
