using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Bundles;

namespace OrleansHybrid.Links.Bundles.Signing;

/// <summary>Verifies a version's folder whole, as at a push: the signature first, then every file against it.</summary>
/// <example><code>
/// var verdict = await BundleFolderVerifier.VerifyWholeAsync("models/keyword/3", trusted, [], null, cancellationToken);
/// if (verdict.Problem is { } problem) return Refuse(problem);
/// </code></example>
public static class BundleFolderVerifier
{
    /// <param name="ignore">Paths below the folder that are not looked at, besides <see cref="BundleNames.NeverSigned"/> and those that the signer left out.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static async Task<BundleVerdict> VerifyWholeAsync(
        string folder, IReadOnlyList<PublisherKey> trusted, IReadOnlyList<string> ignore, IProgress<BundleProgress>? progress, CancellationToken cancellationToken)
    {
        if (BundleIgnorePaths.Check(ignore) is { } unsafePath) return new BundleVerdict(null, unsafePath);
        var signature = await ReadSignatureAsync(folder, cancellationToken);
        if (signature.Problem is not null) return new BundleVerdict(null, signature.Problem);
        var verdict = BundleSignature.Verify(signature.Bytes, trusted);
        if (verdict.Statement is not { } statement) return verdict;
        var content = await BundleFolder.ReadAsync(folder, statement.IgnorePaths.Concat(ignore), progress, cancellationToken);
        var problem = content.Problem ?? BundleFolderRules.CheckWhole(statement, content.Digests!);
        return problem is null ? verdict : new BundleVerdict(null, problem);
    }

    /// <summary>The signature file's bytes, or why they cannot be taken.</summary>
    private static async Task<(byte[] Bytes, BundleProblem? Problem)> ReadSignatureAsync(string folder, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, BundleNames.SignatureFile);
        if (Directory.Exists(path)) return ([], BundleFolderWalk.NotAFile(BundleNames.SignatureFile));
        if (!File.Exists(path) && new FileInfo(path).LinkTarget is null) return ([], new BundleProblem(BundleRefusal.Unsigned, $"'{folder}' has no {BundleNames.SignatureFile}. Sign it: hybrid sign {folder} --key FILE"));
        await using var stream = SafeFiles.OpenRegular(path);
        if (stream is null) return ([], BundleFolderWalk.NotAFile(BundleNames.SignatureFile));
        if (stream.Length > Limits.SignatureBytesMax) return ([], new BundleProblem(BundleRefusal.TooLarge, $"{BundleNames.SignatureFile} has {stream.Length} bytes; {Limits.SignatureBytesMax} are the most. It is no signature of a version."));
        var bytes = new byte[stream.Length];
        await stream.ReadExactlyAsync(bytes, cancellationToken);
        return (bytes, null);
    }
}
