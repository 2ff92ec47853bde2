using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Inference.Repository;

/// <summary>Decides whether a version's folder may be read, before anything but its signature is.</summary>
/// <remarks>
/// Rules kept here:
/// <list type="bullet">
/// <item>In the managed root: a trusted key signed it; not all of its files have to be there, but none that is not signed.</item>
/// <item>In a plain root, where publishers are trusted: a signature that is there must verify, over the whole folder.</item>
/// <item>In a plain root, where none are: a signature is shown as unverified.</item>
/// <item>Where signatures are required, what is not verified is refused.</item>
/// </list>
/// The content of the files is compared while they are read (<see cref="VersionFiles"/>): what is loaded is what was hashed.
/// </remarks>
internal sealed class VersionTrust(RepositorySettings settings)
{
    public async Task<TrustVerdict> CheckAsync(VersionFolder folder, bool managed, CancellationToken cancellationToken)
    {
        var required = managed || settings.RequireSignature;
        var trusted = settings.Trusted();
        if (!folder.Files.TryGetValue(BundleNames.SignatureFile, out var file))
        {
            return required
                ? TrustVerdict.Refused(BundleRefusal.Unsigned, $"expected '{BundleNames.SignatureFile}' in the version's folder; there is none, and only signed versions are served here. Sign the version with 'hybrid sign'.")
                : TrustVerdict.Of(VersionSignature.None);
        }

        if (!required && trusted.Count == 0) return TrustVerdict.Of(VersionSignature.Unverified);
        if (file.Length > Limits.SignatureBytesMax) return TrustVerdict.Refused(BundleRefusal.TooLarge, $"'{BundleNames.SignatureFile}' has {file.Length} bytes; {Limits.SignatureBytesMax} are the most. Sign fewer files.");
        var verdict = BundleSignature.Verify(await File.ReadAllBytesAsync(file.FullName, cancellationToken), trusted);
        if (verdict.Statement is not { } statement) return new TrustVerdict(VersionSignature.None, null, verdict.Problem);
        return CheckNames(folder, statement, managed) is { } problem
            ? new TrustVerdict(VersionSignature.None, null, problem)
            : new TrustVerdict(VersionSignature.Verified(statement.KeyId, statement.RootDigest), new SignedFiles(statement, managed ? settings.Managed!.Sizes(statement.RootDigest) : new Dictionary<string, long>()), null);
    }

    /// <summary>The names alone: contents are compared while they are read.</summary>
    private static BundleProblem? CheckNames(VersionFolder folder, BundleStatement statement, bool managed)
    {
        if (folder.Links.FirstOrDefault(l => !BundleNames.IsNeverSigned(l)) is { } link) return new BundleProblem(BundleRefusal.NotAFile, $"'{link}' is a link. Put the file itself there, and sign the version again.");
        var listed = statement.Files.ToDictionary(f => f.Name, f => f.Digest, StringComparer.Ordinal);
        var found = folder.Files.Keys.Where(n => !BundleNames.IsNeverSigned(n)).ToDictionary(n => n, n => listed.GetValueOrDefault(n, ""), StringComparer.Ordinal);
        return managed ? BundleFolderRules.CheckPart(statement, found, []) : BundleFolderRules.CheckWhole(statement, found);
    }
}

/// <summary>What is known of a folder before it is read.</summary>
/// <param name="Signed">What the files must be; null when nothing was verified.</param>
/// <param name="Problem">Null when the folder may be read.</param>
internal sealed record TrustVerdict(VersionSignature Signature, SignedFiles? Signed, BundleProblem? Problem)
{
    public static TrustVerdict Of(VersionSignature signature) => new(signature, null, null);

    public static TrustVerdict Refused(BundleRefusal refusal, string message) => new(VersionSignature.None, null, new BundleProblem(refusal, message));
}

/// <summary>The files that a verified statement lists.</summary>
internal sealed class SignedFiles(BundleStatement statement, IReadOnlyDictionary<string, long> sizes)
{
    private readonly Dictionary<string, string> digests = statement.Files.ToDictionary(f => f.Name, f => f.Digest, StringComparer.Ordinal);

    public IReadOnlyDictionary<string, string> Digests => digests;

    /// <summary>0 when it is not known.</summary>
    public long SizeOf(string name) => sizes.GetValueOrDefault(name);

    /// <summary>Null when a file that was read is the signed one.</summary>
    public BundleProblem? Check(string name, string digest)
    {
        if (!digests.TryGetValue(name, out var expected)) return new BundleProblem(BundleRefusal.ExtraFile, $"'{name}' is not in the signature. Remove it, or sign the version again with it.");
        return digest == expected ? null : new BundleProblem(BundleRefusal.AlteredFile, $"'{name}' is not the file that was signed ({expected[..19]} was, {digest[..19]} came). Put the signed file back, or sign the version again.");
    }
}
