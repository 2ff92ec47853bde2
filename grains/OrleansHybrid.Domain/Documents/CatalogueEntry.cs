using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Domain.Documents;

/// <summary>One model in the catalogue: which of its versions are published, and which of them nodes should run while no rollout says otherwise.</summary>
/// <param name="Policy">In Triton's words, over the versions that are not blocked.</param>
/// <param name="Versions">Ascending by number; a number never gets other content.</param>
[GenerateSerializer, Immutable, Alias("hybrid.catalogue-entry")]
public sealed record CatalogueEntry([property: Id(0)] string Model, [property: Id(1)] CataloguePolicy Policy, [property: Id(2)] IReadOnlyList<CatalogueVersion> Versions)
{
    public CatalogueVersion? Find(int version) => Versions.FirstOrDefault(v => v.Version == version);
}

/// <summary>Which versions nodes should run.</summary>
/// <param name="Latest">With <see cref="VersionPolicyKind.Latest"/>: how many, newest first.</param>
/// <param name="Specific">With <see cref="VersionPolicyKind.Specific"/>: these.</param>
[GenerateSerializer, Immutable, Alias("hybrid.catalogue-policy")]
public sealed record CataloguePolicy([property: Id(0)] VersionPolicyKind Kind, [property: Id(1)] int Latest, [property: Id(2)] IReadOnlyList<int> Specific)
{
    public static CataloguePolicy Newest { get; } = new(VersionPolicyKind.Latest, 1, []);

    public VersionPolicy ToVersionPolicy() => new(Kind, Latest, Specific);
}

/// <summary>One published version: what a node must know to decide whether it can hold it, before it fetches anything.</summary>
/// <param name="Bundle">The statement's root digest: names the signed content.</param>
/// <param name="Signature">The blob of <c>model.sig</c>, which is fetched and verified first.</param>
/// <param name="Files">Every signed file with its size, ascending by name. Names and digests must be those of the verified statement.</param>
/// <param name="Variants">In the manifest's order: best first within a zone.</param>
/// <param name="Shared">Names of the files that every node with any variant needs: the manifest, labels, vocabularies, the classifier, probes.</param>
/// <param name="PublisherKeyId">Of the key that signed it.</param>
/// <param name="Blocked">Why no node should run it; null: it may run.</param>
[GenerateSerializer, Immutable, Alias("hybrid.catalogue-version")]
public sealed record CatalogueVersion(
    [property: Id(0)] int Version,
    [property: Id(1)] string Bundle,
    [property: Id(2)] BlobReference Signature,
    [property: Id(3)] IReadOnlyList<CatalogueFile> Files,
    [property: Id(4)] IReadOnlyList<CatalogueVariant> Variants,
    [property: Id(5)] IReadOnlyList<string> Shared,
    [property: Id(6)] string PublisherKeyId,
    [property: Id(7)] DateTimeOffset PushedAt,
    [property: Id(8)] string? Blocked);

/// <summary>Bytes by their SHA-256 (<c>sha256:</c> and lower-case hex) and their number.</summary>
[GenerateSerializer, Immutable, Alias("hybrid.blob-reference")]
public readonly record struct BlobReference([property: Id(0)] string Digest, [property: Id(1)] long Bytes);

[GenerateSerializer, Immutable, Alias("hybrid.catalogue-file")]
public sealed record CatalogueFile([property: Id(0)] string Name, [property: Id(1)] BlobReference Blob);

/// <param name="Files">Names of the files that only this variant (or another that lists them too) needs: its graph and its weights.</param>
[GenerateSerializer, Immutable, Alias("hybrid.catalogue-variant")]
public sealed record CatalogueVariant(
    [property: Id(0)] string Name,
    [property: Id(1)] IReadOnlyList<Zone> Zones,
    [property: Id(2)] double MemoryMib,
    [property: Id(3)] double LatencyMs,
    [property: Id(4)] IReadOnlyList<string> Files);
