using System.Security.Cryptography;
using System.Text;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Bundles;

namespace OrleansHybrid.Links.Bundles.Signing;

/// <summary>Curves that a publisher's key may lie on.</summary>
public enum PublisherCurve
{
    P256,
    P384,
}

/// <summary>A publisher's private key in a file: PKCS #8 as PEM, encrypted with a passphrase (PBES2: AES-256-CBC, PBKDF2 with SHA-256).</summary>
/// <remarks>Never overwritten, readable by its owner alone. It stays with the publisher; a cell has the public half in <c>.pub</c> beside it and nothing else.</remarks>
public sealed class PublisherKeyFile
{
    /// <summary>What the public half's file name ends with, after the whole name of the private one.</summary>
    public const string PublicSuffix = ".pub";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const string EncryptedLabel = "ENCRYPTED PRIVATE KEY";
    private readonly string path;
    private readonly string text;

    private PublisherKeyFile(string path, string text, bool encrypted) => (this.path, this.text, IsEncrypted) = (path, text, encrypted);

    /// <summary>False: anybody who can read the file can sign.</summary>
    public bool IsEncrypted { get; }

    /// <summary>Makes a key and writes both halves.</summary>
    /// <returns>The public half; null when nothing was made, then <paramref name="problem"/> says why.</returns>
    public static PublisherKey? Make(string path, PublisherCurve curve, string passphrase, out string? problem)
    {
        problem = WhyNotMade(path, passphrase);
        if (problem is not null) return null;
        using var key = ECDsa.Create(curve == PublisherCurve.P384 ? ECCurve.NamedCurves.nistP384 : ECCurve.NamedCurves.nistP256);
        var rule = new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, Limits.PassphraseRounds);
        WriteNew(path, key.ExportEncryptedPkcs8PrivateKeyPem(passphrase, rule) + "\n", OwnerOnly);
        var publicHalf = BundleSigner.PublicHalf(key);
        WriteNew(path + PublicSuffix, publicHalf.Pem, OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        return publicHalf with { Name = path + PublicSuffix };
    }

    /// <summary>Reads a key file without opening it.</summary>
    /// <returns>Null when it holds no private key, or others can read it; then <paramref name="problem"/> says so.</returns>
    public static PublisherKeyFile? Read(string path, out string? problem)
    {
        problem = null;
        if (!File.Exists(path)) problem = $"there is no key file '{path}'. Make one with: hybrid keys make --out {path}";
        else if (new FileInfo(path).Length > Limits.KeyFileBytesMax) problem = NoKey(path);
        else if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & (UnixFileMode)0b000_111_111) != 0) problem = $"others can read the private key '{path}'. Close it first: chmod 600 {path}";
        if (problem is not null) return null;
        var text = File.ReadAllText(path);
        if (PemEncoding.TryFind(text, out var found) && text[found.Label].EndsWith("PRIVATE KEY", StringComparison.Ordinal)) return new PublisherKeyFile(path, text, text[found.Label] == EncryptedLabel);
        problem = NoKey(path);
        return null;
    }

    /// <summary>The private key, which the caller disposes; null when it cannot be had, then <paramref name="problem"/> says why.</summary>
    /// <param name="passphrase">Not looked at when the file is not encrypted.</param>
    /// <param name="allowPlain">Take a key that is not encrypted.</param>
    public ECDsa? Open(string passphrase, bool allowPlain, out string? problem)
    {
        problem = null;
        if (!IsEncrypted && !allowPlain)
        {
            problem = $"the private key '{path}' is not encrypted: whoever copies the file can sign in your name. Encrypt it (openssl pkcs8 -topk8 -v2 aes-256-cbc), make a new one with 'hybrid keys make', or take it as it is with --allow-plain.";
            return null;
        }

        var key = ECDsa.Create();
        try
        {
            if (IsEncrypted) key.ImportFromEncryptedPem(text, passphrase);
            else key.ImportFromPem(text);
            if (PublisherKey.HashOf(key) is not null) return key;
            problem = NoKey(path);
        }
        catch (Exception refused) when (refused is CryptographicException or ArgumentException)
        {
            problem = IsEncrypted ? $"the passphrase does not open '{path}'. Give the one that it was made with; without it the key is lost, and a new one has to be made and trusted." : NoKey(path);
        }

        key.Dispose();
        return null;
    }

    private static string? WhyNotMade(string path, string passphrase)
    {
        if (passphrase.Length < Limits.PassphraseCharsMin) return $"the passphrase has {passphrase.Length} characters; {Limits.PassphraseCharsMin} are the fewest. Take a longer one: several words are good.";
        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        if (!Directory.Exists(folder)) return $"there is no folder '{folder}' for the key. Make it, or give another place with --out.";
        string[] there = [.. new[] { path, path + PublicSuffix }.Where(p => File.Exists(p) || Directory.Exists(p))];
        return there.Length == 0 ? null : $"'{there[0]}' is there already, and a key is never overwritten. Give another place with --out.";
    }

    /// <summary>The mode is set as the file is made: there is no moment in which others can open it.</summary>
    private static void WriteNew(string path, string text, UnixFileMode mode)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = mode;
        using var file = new FileStream(path, options);
        file.Write(Encoding.ASCII.GetBytes(text));
        file.Flush(flushToDisk: true);
    }

    private static string NoKey(string path) => $"'{path}': expected a private key of ECDSA on P-256 or P-384 in PEM; came something else. Make one with: hybrid keys make";
}
