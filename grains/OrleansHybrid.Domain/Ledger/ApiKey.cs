namespace OrleansHybrid.Domain.Ledger;

/// <summary>What is kept of a key: never the secret, only its hash.</summary>
/// <param name="Hash">SHA-256 of the whole key, lower-case hex: the secret has 256 random bits, so it needs no salt and no slow hash.</param>
/// <param name="Tenant">Who pays for what is asked with it.</param>
/// <param name="Roles">Of <see cref="KeyRoles"/>, at least one.</param>
/// <param name="CreatedBy">The credential that made it.</param>
/// <param name="ExpiresAt">Null: never.</param>
/// <param name="RevokedAt">Null: it was not.</param>
/// <param name="LastUsedAt">To <see cref="Limits.ApiKeyUseInterval"/>; null: not used since it was made, or not told yet.</param>
[GenerateSerializer, Immutable, Alias("hybrid.api-key")]
public sealed record ApiKey(
    [property: Id(0)] string Id,
    [property: Id(1)] string Hash,
    [property: Id(2)] string Tenant,
    [property: Id(3)] IReadOnlyList<string> Roles,
    [property: Id(4)] string Label,
    [property: Id(5)] DateTimeOffset CreatedAt,
    [property: Id(6)] string CreatedBy,
    [property: Id(7)] DateTimeOffset? ExpiresAt,
    [property: Id(8)] DateTimeOffset? RevokedAt,
    [property: Id(9)] DateTimeOffset? LastUsedAt);

/// <summary>All keys of a cell: one document.</summary>
/// <param name="Revision">Grows with every key made or revoked, not with uses; 0 before the first.</param>
[GenerateSerializer, Immutable, Alias("hybrid.api-keys")]
public sealed record ApiKeyDocument([property: Id(0)] long Revision, [property: Id(1)] IReadOnlyList<ApiKey> Keys)
{
    public static ApiKeyDocument Empty { get; } = new(0, []);
}

/// <summary>A key that an operator asks for.</summary>
/// <param name="By">The credential that asks.</param>
[GenerateSerializer, Immutable, Alias("hybrid.new-api-key")]
public sealed record NewApiKey(
    [property: Id(0)] string Tenant,
    [property: Id(1)] IReadOnlyList<string> Roles,
    [property: Id(2)] string Label,
    [property: Id(3)] DateTimeOffset? ExpiresAt,
    [property: Id(4)] string By);

/// <summary>That a key was used on a silo.</summary>
[GenerateSerializer, Immutable, Alias("hybrid.api-key-use")]
public sealed record ApiKeyUse([property: Id(0)] string Id, [property: Id(1)] DateTimeOffset At);

/// <summary>How a change ended: the key as it is stored, or why not.</summary>
[GenerateSerializer, Immutable, Alias("hybrid.api-key-change")]
public sealed record ApiKeyChange([property: Id(0)] ApiKey? Key, [property: Id(1)] InferenceFailure? Failure)
{
    public static ApiKeyChange Of(ApiKey key) => new(key, null);

    public static ApiKeyChange Refused(FailureCode code, string message) => new(null, new InferenceFailure(code, message));
}
