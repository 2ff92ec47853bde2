namespace OrleansHybrid.Domain.Routing;

/// <summary>Every policy that a cell accepted and still keeps, oldest first; the last one is current.</summary>
[GenerateSerializer, Immutable, Alias("hybrid.policy-store")]
public sealed record PolicyStore([property: Id(0)] IReadOnlyList<PolicyDocument> Documents)
{
    public static PolicyStore Empty => new([]);

    public PolicyDocument? Current => Documents.Count > 0 ? Documents[^1] : null;

    public PolicyDocument? Find(long revision) => Documents.FirstOrDefault(d => d.Revision == revision);

    /// <param name="revision">What the caller has; 0: nothing.</param>
    public PolicyHead HeadFor(long revision, string digest) => Current switch
    {
        null => new PolicyHead(0, "", null),
        { } current when current.Revision < revision || (current.Revision == revision && current.Digest == digest) => new PolicyHead(current.Revision, current.Digest, null),
        { } current => new PolicyHead(current.Revision, current.Digest, current),
    };

    public IReadOnlyList<PolicyRevision> Revisions() => [.. Documents.Select(d => new PolicyRevision(d.Name, d.Revision, d.Digest, d.AcceptedAt, d.By, d.Text.Length))];
}

/// <summary>How a cell's policy changes. Pure: the caller persists the store that comes back, then answers.</summary>
/// <remarks>
/// Rules kept here: revisions only grow, so that a policy once replaced never comes back by accident; the same revision has one text; a policy of another
/// name is refused unless the offer says that it renames; the current policy is never dropped, whatever the limits say.
/// </remarks>
public static class PolicyStoreRules
{
    public static (PolicyStore Store, PolicyReceipt Receipt) Accept(PolicyStore store, PolicyOffer offer)
    {
        var receipt = Judge(store, offer);
        return receipt.Verdict != PolicyVerdict.Accepted || offer.DryRun ? (store, receipt) : (Keep(store, offer.Document), receipt);
    }

    private static PolicyReceipt Judge(PolicyStore store, PolicyOffer offer)
    {
        var asked = offer.Document;
        var current = store.Current;
        var at = current?.Revision ?? 0;
        if (offer.ExpectedRevision is { } expected && expected != at)
        {
            return Not(PolicyVerdict.ConflictRefused, "expected_revision", $"the current revision, {at}", $"{expected}", $"Read the current policy, make the change there and send it with expected_revision={at}");
        }

        if (current is null) return Is(PolicyVerdict.Accepted, asked.Revision);
        if (asked.Revision == at && asked.Digest == current.Digest) return Is(PolicyVerdict.Same, at);
        if (asked.Revision <= at) return Old(store, asked, at);
        return asked.Name == current.Name || offer.Rename
            ? Is(PolicyVerdict.Accepted, asked.Revision)
            : Not(PolicyVerdict.NameRefused, "policy", $"the name of the cell's policy, '{current.Name}'", $"'{asked.Name}'", $"Name it '{current.Name}', or send it to POST /v1/policies?rename=true");

        PolicyReceipt Not(PolicyVerdict verdict, string place, string wanted, string came, string remedy) => new(verdict, new PolicyError(place, wanted, came, remedy), at);
    }

    private static PolicyReceipt Old(PolicyStore store, PolicyDocument asked, long at)
    {
        var verdict = asked.Revision < at && store.Find(asked.Revision)?.Digest == asked.Digest ? PolicyVerdict.Superseded : PolicyVerdict.RevisionRefused;
        var came = asked.Revision == at ? $"{asked.Revision} with another text than the accepted one" : $"{asked.Revision}";
        var remedy = at < long.MaxValue ? $"Give it revision {at + 1}" : "Begin a policy of another name in an empty cell: this one has used up its numbers";
        return new(verdict, new PolicyError("revision", $"a revision above the last accepted one, {at}", came, remedy), at);
    }

    private static PolicyReceipt Is(PolicyVerdict verdict, long at) => new(verdict, null, at);

    private static PolicyStore Keep(PolicyStore store, PolicyDocument document)
    {
        var kept = store.Documents.Append(document).TakeLast(Limits.PolicyRevisionsMax).ToArray();
        var first = kept.Length - 1;
        for (long chars = document.Text.Length; first > 0 && (chars += kept[first - 1].Text.Length) <= Limits.PolicyStoreCharsMax;) first--;
        return new PolicyStore(kept[first..]);
    }
}
