using OrleansHybrid.Contracts;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Documents;
using OrleansHybrid.Grains;
using OrleansHybrid.Grains.Routing;
using OrleansHybrid.Silo.Settings;

namespace OrleansHybrid.Silo.Documents;

/// <summary>What the farm's authority does without being asked: renews documents before they expire, publishes the policy when it changed, and what a silo that died left unpublished.</summary>
internal sealed partial class AuthorityDuties(
    CellSettings cell,
    DocumentPublisher publisher,
    DocumentKeeper keeper,
    PolicyHolder policies,
    IGrainFactory grains,
    [FromKeyedServices(HybridClock.Key)] TimeProvider clock,
    ILogger<AuthorityDuties> log)
{
    private const string Who = "system documents";
    private string? toldWhyNot;

    /// <summary>One round; each part tells its failure and leaves the others alone.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (publisher.WhyNot() is { } why)
        {
            if (toldWhyNot != why) LogIdle(log, why);
            toldWhyNot = why;
            return;
        }

        toldWhyNot = null;
        await PublishPolicyAsync(cancellationToken);
        foreach (var pending in await grains.GetDocuments(cell.Cell).PendingAsync(cancellationToken)) Tell(await PublishModelAsync(pending.Model, Who, cancellationToken), pending.Model);
        await RenewAsync(cancellationToken);
    }

    /// <summary>The catalogue entry as its grain has it.</summary>
    public Task<InferenceFailure?> PublishModelAsync(string model, string who, CancellationToken cancellationToken) => publisher.PublishAsync(
        DocumentKey.Catalogue(model),
        async (held, token) =>
        {
            var entry = await grains.GetModel(model).GetAsync(token);
            var body = entry is null ? null : DocumentWriter.Body(entry);
            return entry is null ? new DocumentDraft(false, null) : new DocumentDraft(!Says(held, body), body);
        },
        who,
        cancellationToken);

    public async Task RenewAsync(CancellationToken cancellationToken)
    {
        var due = keeper.Current.Documents.Where(IsDue).Select(d => d.Header.Key).ToArray();
        foreach (var place in due)
        {
            Tell(await publisher.PublishAsync(place, (held, _) => ValueTask.FromResult(held is not null && IsDue(held) ? new DocumentDraft(true, held.Content()!.Body) : default), Who, cancellationToken), place.ToString());
        }
    }

    /// <summary>Of two revisions the higher one: silos of this cell may apply different ones for a moment.</summary>
    public async Task PublishPolicyAsync(CancellationToken cancellationToken)
    {
        if (policies.Document is not { } policy) return;
        bool Needed(SignedDocument? held) => held?.Content()?.Policy is not { } published || published.Revision < policy.Revision;
        if (!Needed(keeper.Current.Find(DocumentKey.FarmPolicy))) return;
        var body = DocumentWriter.Body(new PolicyBody(policy.Name, policy.Revision, policy.Text, policy.Digest));
        Tell(await publisher.PublishAsync(DocumentKey.FarmPolicy, (held, _) => ValueTask.FromResult(new DocumentDraft(Needed(held), body)), Who, cancellationToken), DocumentKey.FarmPolicy.ToString());
    }

    private bool IsDue(SignedDocument document) => clock.GetUtcNow() - document.Header.Issued >= Limits.DocumentRenewAfter && document.Content() is { Removed: false };

    private static bool Says(SignedDocument? held, byte[]? body) => held?.Content() is { } content && content.Body is { } said && body is not null && said.AsSpan().SequenceEqual(body);

    private void Tell(InferenceFailure? failure, string what)
    {
        if (failure is not null) LogFailed(log, what, failure.Message);
    }

    [LoggerMessage(LogLevel.Information, "No documents are published: {Why}")]
    private static partial void LogIdle(ILogger log, string why);

    [LoggerMessage(LogLevel.Warning, "{What} could not be published, and is tried again: {Why}")]
    private static partial void LogFailed(ILogger log, string what, string why);
}
