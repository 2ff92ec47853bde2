namespace OrleansHybrid.Domain.Models;

/// <summary>What a silo knows of a version's signature.</summary>
/// <param name="KeyId">Of the publisher's key that verified it; null unless verified.</param>
/// <param name="Bundle">The signed root digest, which names the content in every place; null unless verified.</param>
public sealed record VersionSignature(SignatureState State, string? KeyId, string? Bundle)
{
    public static VersionSignature None { get; } = new(SignatureState.None, null, null);

    public static VersionSignature Unverified { get; } = new(SignatureState.Unverified, null, null);

    public static VersionSignature Verified(string keyId, string bundle) => new(SignatureState.Verified, keyId, bundle);
}

public enum SignatureState
{
    /// <summary>There is no signature.</summary>
    None,

    /// <summary>There is one, and this place trusts no publisher that could be asked.</summary>
    Unverified,

    /// <summary>A trusted key signed exactly the files in use.</summary>
    Verified,
}
