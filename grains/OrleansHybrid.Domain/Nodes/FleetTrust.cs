namespace OrleansHybrid.Domain.Nodes;

/// <summary>By what a cell knows its nodes and regions: one document.</summary>
/// <param name="Revision">Grows with every change; 0 before the first.</param>
/// <param name="FleetKey">Signs credentials; empty before the first start. Never leaves the cell's silos.</param>
/// <param name="Regions">Names of the regions that ever reported, ascending.</param>
[GenerateSerializer, Immutable, Alias("hybrid.fleet-trust")]
public sealed record FleetTrust(
    [property: Id(0)] long Revision,
    [property: Id(1)] byte[] FleetKey,
    [property: Id(2)] IReadOnlyList<JoinToken> Tokens,
    [property: Id(3)] IReadOnlyList<string> RevokedSerials,
    [property: Id(4)] IReadOnlyList<string> Regions)
{
    /// <summary>Regions that were shut out; null: none, in a document of an earlier version of the program.</summary>
    [Id(5)] public IReadOnlyList<RegionRevocation>? Revocations { get; init; }

    public static FleetTrust Empty { get; } = new(0, [], [], [], []);
}

/// <summary>What is kept of a join token: never its secret.</summary>
/// <param name="Labels">Given to each node that enrols with it; they stand above what the node says of itself.</param>
[GenerateSerializer, Immutable, Alias("hybrid.join-token")]
public sealed record JoinToken(
    [property: Id(0)] string Id,
    [property: Id(1)] string Hash,
    [property: Id(2)] EnrolledKind Kind,
    [property: Id(3)] IReadOnlyDictionary<string, string> Labels,
    [property: Id(4)] int UsesLeft,
    [property: Id(5)] DateTimeOffset CreatedAt,
    [property: Id(6)] string CreatedBy,
    [property: Id(7)] DateTimeOffset ExpiresAt,
    [property: Id(8)] DateTimeOffset? RevokedAt);

/// <summary>A join token that an operator asks for.</summary>
/// <param name="Lifetime">Zero: <see cref="Limits.JoinTokenLifetime"/>.</param>
[GenerateSerializer, Immutable, Alias("hybrid.new-join-token")]
public sealed record NewJoinToken(
    [property: Id(0)] EnrolledKind Kind,
    [property: Id(1)] IReadOnlyDictionary<string, string> Labels,
    [property: Id(2)] int Uses,
    [property: Id(3)] TimeSpan Lifetime,
    [property: Id(4)] string By);

/// <summary>How a change ended: the token as it is kept, or why not.</summary>
[GenerateSerializer, Immutable, Alias("hybrid.join-token-change")]
public sealed record JoinTokenChange([property: Id(0)] JoinToken? Token, [property: Id(1)] InferenceFailure? Failure)
{
    public static JoinTokenChange Of(JoinToken token) => new(token, null);

    public static JoinTokenChange Refused(FailureCode code, string message) => new(null, new InferenceFailure(code, message));
}
