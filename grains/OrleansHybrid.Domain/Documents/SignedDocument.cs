namespace OrleansHybrid.Domain.Documents;

/// <summary>What a document states.</summary>
public enum DocumentKind
{
    /// <summary>One model's versions: see <see cref="CatalogueEntry"/>. Its name is the model's.</summary>
    Catalogue,

    /// <summary>How a version reaches the fleet. Its name is the rollout's id.</summary>
    Rollout,

    /// <summary>The farm's policy. Its name is <see cref="DocumentKey.FarmPolicy"/>.</summary>
    Policy,
}

/// <summary>A document's place: there is one document in force for each. As text <c>catalogue/keyword</c>.</summary>
[GenerateSerializer, Immutable, Alias("hybrid.document-key")]
public readonly record struct DocumentKey([property: Id(0)] DocumentKind Kind, [property: Id(1)] string Name)
{
    private static readonly string[] Kinds = ["catalogue", "rollout", "policy"];

    public static DocumentKey FarmPolicy { get; } = new(DocumentKind.Policy, "farm");

    public static DocumentKey Catalogue(string model) => new(DocumentKind.Catalogue, model);

    public static bool TryParse(string? text, out DocumentKey key)
    {
        key = default;
        var slash = text?.IndexOf('/') ?? -1;
        if (slash <= 0 || slash == text!.Length - 1) return false;
        var kind = Array.IndexOf(Kinds, text[..slash]);
        if (kind < 0 || text.Length > Limits.NameCharsMax) return false;
        key = new DocumentKey((DocumentKind)kind, text[(slash + 1)..]);
        return true;
    }

    public override string ToString() => $"{Kinds[(int)Kind]}/{Name}";
}

/// <summary>What every document says of itself.</summary>
/// <param name="Farm">The id of the farm that it is for.</param>
/// <param name="Revision">From one counter of the whole farm: the document with the highest one is the last that changed, and 'since revision N' is all above N.</param>
/// <param name="Expires">After it an alarm is raised and no new wave starts; it goes on being served.</param>
[GenerateSerializer, Immutable, Alias("hybrid.document-header")]
public sealed record DocumentHeader(
    [property: Id(0)] string Farm,
    [property: Id(1)] DocumentKey Key,
    [property: Id(2)] long Revision,
    [property: Id(3)] DateTimeOffset Issued,
    [property: Id(4)] DateTimeOffset Expires);

/// <summary>A document as it travels and is kept: its DSSE envelope byte for byte, and what its header says.</summary>
/// <param name="Envelope">JSON text of a DSSE envelope, signed by the document key. The endorsement of that key travels beside it (<see cref="DocumentSet.Endorsements"/>).</param>
/// <param name="KeyId">Of the document key that signed it.</param>
[GenerateSerializer, Immutable, Alias("hybrid.signed-document")]
public sealed record SignedDocument([property: Id(0)] DocumentHeader Header, [property: Id(1)] byte[] Envelope, [property: Id(2)] string KeyId);

/// <summary>All documents that hold in one place, verified. Immutable, replaced whole.</summary>
/// <param name="Farm">Empty before the first document or endorsement: any farm may be the first.</param>
/// <param name="Revision">The highest of the documents that hold; 0 before any.</param>
/// <param name="Documents">One for each place, ascending by revision.</param>
/// <param name="Endorsements">DSSE envelopes in which publishers endorse document keys, as JSON text.</param>
[GenerateSerializer, Immutable, Alias("hybrid.document-set")]
public sealed record DocumentSet(
    [property: Id(0)] string Farm,
    [property: Id(1)] long Revision,
    [property: Id(2)] IReadOnlyList<SignedDocument> Documents,
    [property: Id(3)] IReadOnlyList<byte[]> Endorsements)
{
    public static DocumentSet Empty { get; } = new("", 0, [], []);

    public SignedDocument? Find(DocumentKey key) => Documents.FirstOrDefault(d => d.Header.Key == key);
}
