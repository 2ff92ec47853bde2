using System.Security.Cryptography;

namespace OrleansHybrid.Domain.Bundles;

/// <summary>Digests as they are written: <c>sha256:</c> and 64 lower-case hex digits. Pure.</summary>
public static class BundleDigests
{
    public const string Prefix = "sha256:";

    public static string Of(ReadOnlySpan<byte> content) => Prefix + Convert.ToHexStringLower(SHA256.HashData(content));

    public static bool IsDigest(string? text) =>
        text is { Length: 71 } && text.StartsWith(Prefix, StringComparison.Ordinal) && text.AsSpan(Prefix.Length).IndexOfAnyExcept("0123456789abcdef") < 0;

    /// <summary>SHA-256 over the raw digests of the files in the order of their names: the root digest of OpenSSF Model Signing 1.0.</summary>
    public static string RootOf(IEnumerable<BundleFile> files) => RootAsListed(files.Order(ByName));

    /// <summary>The same in the order given. The reference implementation sorts by folder, then name (<c>a/b</c> before <c>a-b</c>), and so lists and hashes in another order than byte by byte.</summary>
    internal static string RootAsListed(IEnumerable<BundleFile> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files) hash.AppendData(Convert.FromHexString(file.Digest.AsSpan(Prefix.Length)));
        return Prefix + Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    internal static Comparer<BundleFile> ByName { get; } = Comparer<BundleFile>.Create((a, b) => BundleNames.Compare(a.Name, b.Name));
}
