using System.Text;
using OrleansHybrid.Domain.Documents;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Grains;
using OrleansHybrid.Grains.Routing;
using OrleansHybrid.Silo.Policies;

namespace OrleansHybrid.Silo.Documents;

/// <summary>Offers the policy that the cell above signed to this cell, as any other offer: what does not compile or has no higher revision is refused, and the one in force stays.</summary>
internal sealed class PolicyFollower(
    IDocumentSource documents,
    PolicyKeeper keeper,
    PolicyRefusals refusals,
    PolicyHolder holder,
    [FromKeyedServices(HybridClock.Key)] TimeProvider clock)
{
    public const string Source = "central";
    private SignedDocument? offered;

    public async Task FollowAsync(CancellationToken cancellationToken)
    {
        var document = documents.Current.Find(DocumentKey.FarmPolicy);
        if (document is null || ReferenceEquals(document, offered)) return;
        if (document.Content()?.Policy is { } policy) await OfferAsync(policy, cancellationToken);
        offered = document;
    }

    private async Task OfferAsync(PolicyBody policy, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var candidate = PolicyCandidate.Read(Encoding.UTF8.GetBytes(policy.Text), Source, now, Source);
        if (candidate.Document is not { } document)
        {
            refusals.Refuse(new PolicyRefusal(Source, now, policy.Digest, candidate.Reading.Errors), holder.Current.Revision);
            return;
        }

        var receipt = await keeper.OfferAsync(candidate, new PolicyOffer(document, Rename: true), "it came as a document of the farm", cancellationToken);
        if (receipt is { Refused: true, Error: { } error }) refusals.Refuse(new PolicyRefusal(Source, now, policy.Digest, [new ManifestError(error.Place, error.Expected, error.Came, error.Remedy)]), holder.Current.Revision);
        else refusals.Clear(Source);
    }
}
