using OrleansHybrid.Domain.Documents;
using OrleansHybrid.Domain.Nodes;
using OrleansHybrid.Links.Documents;

namespace OrleansHybrid.Silo.Bundles;

/// <summary>What this cell trusts now: its farm by the documents, the publishers by the folder.</summary>
internal sealed class EnrolmentTrust(IDocumentSource documents, PublisherFolder publishers) : IEnrolmentTrust
{
    public string Farm => documents.Current.Farm;

    public IReadOnlyList<PublisherText> Publishers => [.. publishers.Keys.Select(k => new PublisherText(k.Name, k.KeyId, k.Pem))];
}
