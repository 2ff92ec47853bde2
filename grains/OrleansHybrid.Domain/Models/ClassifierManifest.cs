namespace OrleansHybrid.Domain.Models;

/// <summary>A version's classifier: a small graph over the version's inputs that tells how likely the variants below the cloud get an input wrong or are unsure of it.</summary>
/// <param name="Output">The output with the verdict: FP32, one value a row, in [0, 1].</param>
/// <param name="Threshold">From this verdict on the input counts as hard.</param>
/// <param name="Digest">SHA-256 of the file, lower-case hex with the prefix <c>sha256:</c>.</param>
public sealed record ClassifierManifest(string File, string Output, double Threshold, string Digest, long FileBytes)
{
    /// <summary>The name that engines know a version's classifier by. No variant may have it.</summary>
    public const string VariantName = "classifier";

    /// <summary>Where a classifier can change a route: nothing is above the cloud. It is loaded beside a variant of such a zone.</summary>
    public static bool IsUsefulIn(Zone zone) => zone < Zone.Cloud;

    /// <summary>What a classifier needs of its queue: rows of requests that wait already run together, and none waits for more.</summary>
    public static BatchingSettings Batching(BatchingSettings ofVersion) => ofVersion with { PreferredBatchSizes = [], MaxQueueDelay = TimeSpan.Zero };
}
