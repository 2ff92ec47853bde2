namespace OrleansHybrid.Domain.Routing;

/// <summary>One accepted revision of a policy, as its author wrote it.</summary>
/// <param name="Text">The YAML, byte for byte.</param>
/// <param name="Digest">SHA-256 of the text's UTF-8, lower-case hex with the prefix <c>sha256:</c>.</param>
/// <param name="AcceptedAt">When this cell took it.</param>
/// <param name="By">Who brought it: a key's label, or the file it came from.</param>
[GenerateSerializer, Immutable, Alias("hybrid.policy-document")]
public sealed record PolicyDocument(
    [property: Id(0)] string Name,
    [property: Id(1)] long Revision,
    [property: Id(2)] string Text,
    [property: Id(3)] string Digest,
    [property: Id(4)] DateTimeOffset AcceptedAt,
    [property: Id(5)] string By);
