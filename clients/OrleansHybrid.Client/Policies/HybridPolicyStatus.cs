namespace OrleansHybrid.Client;

/// <summary>The policy that a device applies and how sure it is of it.</summary>
/// <param name="Name">Empty before any policy.</param>
/// <param name="Revision">0 before any policy.</param>
/// <param name="Digest">SHA-256 of its text; empty for a policy that the app gave.</param>
/// <param name="Source">Where it is from.</param>
/// <param name="ConfirmedAt">When the cell last said that it is in force, by the device's clock; null: never.</param>
/// <param name="Age">Time since then at the moment of reading.</param>
/// <param name="Problem">What went wrong at the last question; null when nothing did.</param>
public sealed record HybridPolicyStatus(string Name, long Revision, string Digest, PolicySource Source, DateTimeOffset? ConfirmedAt, TimeSpan? Age, string? Problem);

public enum PolicySource
{
    /// <summary><see cref="HybridClientOptions.Policy"/>.</summary>
    Options,

    /// <summary>Found in the data folder, from an earlier run; the cell has not been heard since.</summary>
    Kept,

    Cell,
}
