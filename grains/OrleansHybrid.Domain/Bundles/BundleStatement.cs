namespace OrleansHybrid.Domain.Bundles;

/// <summary>One signed file: its path below the version's folder, '/' between parts, and its SHA-256 as lower-case hex with the prefix <c>sha256:</c>.</summary>
public sealed record BundleFile(string Name, string Digest);

/// <summary>What a publisher signed of a version's folder, after its signature was verified.</summary>
/// <param name="Subject">The statement's name for it; for people.</param>
/// <param name="RootDigest">SHA-256 over the files' raw digests in the order in which the statement lists them (<see cref="BundleDigests.RootOf"/> for what is signed here), with the prefix <c>sha256:</c>. It names the bundle.</param>
/// <param name="Files">Ascending by name, compared byte by byte.</param>
/// <param name="IgnorePaths">What the signer left out. Each names one path from the top of the folder, and what is below it.</param>
/// <param name="KeyId">Of the key that verified it: see <see cref="PublisherKey.KeyId"/>.</param>
public sealed record BundleStatement(string Subject, string RootDigest, IReadOnlyList<BundleFile> Files, IReadOnlyList<string> IgnorePaths, string KeyId);

/// <summary>How a verification ended: exactly one of the two is set.</summary>
public readonly record struct BundleVerdict(BundleStatement? Statement, BundleProblem? Problem)
{
    public static BundleVerdict Of(BundleStatement statement) => new(statement, null);

    public static BundleVerdict Refused(BundleRefusal refusal, string message) => new(null, new BundleProblem(refusal, message));
}
