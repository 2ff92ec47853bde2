using OrleansHybrid.Contracts;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Audit;
using OrleansHybrid.Domain.Documents;
using OrleansHybrid.Grains;
using OrleansHybrid.Links.Documents;
using OrleansHybrid.Silo.Settings;

namespace OrleansHybrid.Silo.Documents;

/// <summary>What is to be published in a place.</summary>
/// <param name="Needed">False: what holds says the same already.</param>
/// <param name="Body">One JSON object as text; null: removed.</param>
internal readonly record struct DocumentDraft(bool Needed, byte[]? Body);

/// <summary>Signs and publishes at the farm's authority: reserve a revision, read what is to be said, sign on this silo, hand in, take in.</summary>
/// <remarks>The private key stays on this silo: the cell's grain gives out numbers and takes signed bytes. Whoever loses a race begins again with what holds then.</remarks>
internal sealed partial class DocumentPublisher(
    CellSettings cell,
    AuthorityKey authority,
    PublisherFolder publishers,
    DocumentKeeper keeper,
    DocumentTold told,
    IGrainFactory grains,
    [FromKeyedServices(HybridClock.Key)] TimeProvider clock,
    ILogger<DocumentPublisher> log)
{
    public const string HowToEndorse = "Fetch GET /v1/documents/key, let a publisher run 'hybrid keys endorse' on it, and send what that wrote to PUT /v1/documents/endorsement.";

    /// <summary>Why nothing can be published here now; null when it can.</summary>
    public string? WhyNot()
    {
        if (authority.Key is not { } key) return $"This is changed at the cell above: {cell.Upstream}. This cell follows it.";
        if (keeper.Current.Farm.Length == 0) return "The farm has no id yet: the cell's store has not answered since the start. See that it runs, and send this again.";
        if (publishers.Keys.Count == 0) return $"No publisher is known here. Put the publisher's public key as a .pem file into {publishers.Path}, then endorse this cell's document key: {HowToEndorse}";
        var mine = Endorsements().Where(e => e.Key.KeyId == key.KeyId && e.Farm == keeper.Current.Farm).ToArray();
        if (mine.Length == 0) return $"No publisher that is trusted here has endorsed this cell's document key. {HowToEndorse}";
        var until = mine.Max(e => e.Expires);
        return until > clock.GetUtcNow() ? null : $"The endorsement of this cell's document key ended at {until:O}. {HowToEndorse}";
    }

    /// <summary>The endorsements that count here.</summary>
    public IEnumerable<Endorsement> Endorsements() => keeper.Current.Endorsements.Select(e => EndorsementRules.Verify(e, publishers.Keys, out _)).OfType<Endorsement>();

    /// <param name="draft">Asked after the revision is reserved, each time; gets what holds in the place.</param>
    /// <returns>Null when it is published, or was; else what is in the way.</returns>
    public async Task<InferenceFailure?> PublishAsync(DocumentKey place, Func<SignedDocument?, CancellationToken, ValueTask<DocumentDraft>> draft, string who, CancellationToken cancellationToken)
    {
        if (WhyNot() is { } why) return new InferenceFailure(FailureCode.ModelNotReady, why);
        for (var tries = 0; tries < Limits.DocumentPublishTriesMax; tries++)
        {
            var reservation = await grains.GetDocuments(cell.Cell).ReserveAsync(place, cancellationToken);
            await keeper.FollowCellAsync(cancellationToken);
            var held = keeper.Current.Find(place);
            if ((held?.Header.Revision ?? 0) != reservation.Current) continue;
            var wanted = await draft(held, cancellationToken);
            if (!wanted.Needed)
            {
                if (reservation.Mark > 0) await grains.GetDocuments(cell.Cell).ClearAsync(reservation, cancellationToken);
                return null;
            }

            var (receipt, failure) = await HandInAsync(reservation, wanted.Body, who, cancellationToken);
            if (failure is not null || receipt == DocumentReceipt.Published) return failure;
        }

        return new InferenceFailure(FailureCode.ModelNotReady, $"{place} was published by others in between, {Limits.DocumentPublishTriesMax} times. Send this again.", TimeSpan.FromSeconds(1));
    }

    private async Task<(DocumentReceipt Receipt, InferenceFailure? Failure)> HandInAsync(DocumentReservation reservation, byte[]? body, string who, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var document = authority.Key!.Sign(new DocumentHeader(reservation.Farm, reservation.Key, reservation.Revision, now, now + Limits.DocumentLifetime), body);
        var (_, verdict) = DocumentRules.Accept(keeper.Current, new DocumentTrust(publishers.Keys, reservation.Farm), document.Envelope, [], now);
        if (verdict.Problem is { } problem) return (default, new InferenceFailure(FailureCode.BadInput, $"{reservation.Key} cannot be published: {problem.Message}"));
        await told.ChangeAsync(who, AuditVerbs.DocumentPublish, reservation.Key.ToString(), DocumentTold.Revision(reservation.Current), DocumentTold.Revision(reservation.Revision), body is null ? "removed" : "", cancellationToken);
        var receipt = await grains.GetDocuments(cell.Cell).PublishAsync(document, reservation, cancellationToken);
        if (receipt is DocumentReceipt.OtherFarm or DocumentReceipt.UnknownKey)
        {
            await keeper.OfferAsync(cancellationToken);
            return (receipt, new InferenceFailure(FailureCode.ModelNotReady, "The cell's store does not know this silo's farm or endorsement. It was told again: send this once more.", TimeSpan.FromSeconds(1)));
        }

        if (receipt == DocumentReceipt.Published)
        {
            LogPublished(log, reservation.Key, reservation.Revision, who);
            await keeper.FollowCellAsync(cancellationToken);
        }

        return (receipt, null);
    }

    [LoggerMessage(LogLevel.Information, "Published {Document} revision {Revision}, asked for by {Who}.")]
    private static partial void LogPublished(ILogger log, DocumentKey document, long revision, string who);
}

/// <summary>The farm's document key; null in a cell that follows another.</summary>
internal sealed record AuthorityKey(DocumentKeyFile? Key);
