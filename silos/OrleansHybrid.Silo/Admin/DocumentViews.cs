using OrleansHybrid.Domain.Documents;

namespace OrleansHybrid.Silo.Admin;

/// <param name="Farm">Empty: this cell belongs to none yet.</param>
/// <param name="KeyId">Of the document key that signs here; null in a cell that follows another.</param>
/// <param name="EndorsedBy">Ids of the publishers' keys whose endorsements count here.</param>
/// <param name="WhyNotPublishing">What keeps this cell from publishing; null: nothing does.</param>
internal sealed record DocumentsView(string Farm, long Revision, string? KeyId, IEnumerable<string> EndorsedBy, string? WhyNotPublishing, IEnumerable<DocumentView> Documents);

/// <param name="AgeSeconds">Since it was issued, by this cell's clock.</param>
/// <param name="ExpiresInSeconds">Negative: it is over.</param>
/// <param name="State"><c>fresh</c>, <c>expires-soon</c> or <c>expired</c>.</param>
/// <param name="Removed">What it stood for is gone; it is kept so that no older one comes back.</param>
internal sealed record DocumentView(string Document, long Revision, string KeyId, DateTimeOffset Issued, DateTimeOffset Expires, double AgeSeconds, double ExpiresInSeconds, bool Expired, string State, bool Removed, int Bytes)
{
    public static DocumentView Of(SignedDocument document, DateTimeOffset now)
    {
        var age = DocumentAlarms.AgeOf(document.Header, now);
        return new DocumentView(
            document.Header.Key.ToString(), document.Header.Revision, document.KeyId, document.Header.Issued, document.Header.Expires,
            Math.Round(age.Age.TotalSeconds), Math.Round(age.Left.TotalSeconds), age.Freshness == DocumentFreshness.Expired, StateOf(age.Freshness), document.Content() is { Removed: true }, document.Envelope.Length);
    }

    private static string StateOf(DocumentFreshness freshness) => freshness switch
    {
        DocumentFreshness.Expired => "expired",
        DocumentFreshness.ExpiresSoon => "expires-soon",
        _ => "fresh",
    };
}

/// <summary>What a publisher needs to endorse the key.</summary>
/// <param name="PublicKey">SubjectPublicKeyInfo in PEM.</param>
internal sealed record DocumentKeyView(string Farm, string KeyId, string PublicKey, IEnumerable<EndorsementView> Endorsements);

/// <param name="Publisher">Id of the publisher's key that made it.</param>
internal sealed record EndorsementView(string Farm, string KeyId, string Publisher, DateTimeOffset Issued, DateTimeOffset Expires, bool Expired)
{
    public static EndorsementView Of(Endorsement e, DateTimeOffset now) => new(e.Farm, e.Key.KeyId, e.Publisher, e.Issued, e.Expires, e.Expires <= now);
}

internal sealed record CatalogueView(long Revision, IEnumerable<CatalogueModelView> Models);

/// <param name="Desired">What nodes should run while no rollout says otherwise.</param>
internal sealed record CatalogueModelView(string Model, VersionPolicyView Policy, IEnumerable<int> Desired, IEnumerable<CatalogueVersionView> Versions)
{
    public static CatalogueModelView Of(CatalogueEntry entry) => new(
        entry.Model, VersionPolicyView.Of(entry.Policy), CatalogueRules.Desired(entry).Select(v => v.Version),
        entry.Versions.Select(v => new CatalogueVersionView(v.Version, v.Bundle, v.PublisherKeyId, v.PushedAt, v.Blocked, v.Files.Count, v.Files.Sum(f => f.Blob.Bytes), v.Variants.Select(x => x.Name))));
}

/// <param name="Blocked">Why no node should run it; null: it may run.</param>
internal sealed record CatalogueVersionView(int Version, string Bundle, string PublisherKeyId, DateTimeOffset PushedAt, string? Blocked, int Files, long Bytes, IEnumerable<string> Variants);

/// <summary>Which versions nodes should run: give one of the two.</summary>
/// <param name="Latest">How many, newest first.</param>
/// <param name="Specific">These.</param>
internal sealed record VersionPolicyView(string? Kind = null, int? Latest = null, IReadOnlyList<int>? Specific = null)
{
    public static VersionPolicyView Of(CataloguePolicy policy) => policy.Kind switch
    {
        Domain.Models.VersionPolicyKind.Latest => new(PolicyKinds.NameOf(policy.Kind), policy.Latest),
        Domain.Models.VersionPolicyKind.Specific => new(PolicyKinds.NameOf(policy.Kind), null, policy.Specific),
        _ => new(PolicyKinds.NameOf(policy.Kind)),
    };

    /// <summary>Null when it says neither or both.</summary>
    public CataloguePolicy? ToPolicy() => (Kind, Latest, Specific) switch
    {
        (null or "latest", { } latest, null) => new CataloguePolicy(Domain.Models.VersionPolicyKind.Latest, latest, []),
        (null or "specific", null, { } specific) => new CataloguePolicy(Domain.Models.VersionPolicyKind.Specific, 1, specific),
        ("all", null, null) => new CataloguePolicy(Domain.Models.VersionPolicyKind.All, 1, []),
        _ => null,
    };
}

internal sealed record BlockRequest(string? Reason);

/// <param name="Published">The change is in a signed document.</param>
internal sealed record CatalogueChangedView(bool Changed, bool Published, CatalogueModelView Model);
