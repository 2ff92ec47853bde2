using System.Security.Cryptography;
using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.Domain.Documents;
using OrleansHybrid.Links.Bundles.Signing;

namespace OrleansHybrid.Links.Documents;

/// <summary>The document key of a farm's authority: ECDSA on P-256, PKCS#8 in PEM, in a file that only its user can read. It signs catalogue, rollouts and policies; a publisher endorses it.</summary>
/// <remarks>The private half stays in this object: nothing hands it out, and it enters no grain and no log.</remarks>
public sealed class DocumentKeyFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly string pem;

    private DocumentKeyFile(string path, string pem, PublisherKey key) => (Path, this.pem, Key) = (path, pem, key);

    public string Path { get; }

    /// <summary>The public half.</summary>
    public PublisherKey Key { get; }

    public string KeyId => Key.KeyId;

    /// <summary>Reads the key.</summary>
    /// <param name="make">Makes it when there is no such file.</param>
    /// <param name="problem">What is wrong and what to do; null when the key was read.</param>
    public static DocumentKeyFile? Open(string path, bool make, out string? problem)
    {
        problem = null;
        try
        {
            if (!File.Exists(path))
            {
                if (!make) problem = $"There is no document key at {path}. Give the file that the farm's other authority silos use, or leave --document-key out: then one is made.";
                else Make(path);
            }

            if (problem is null && IsOpen(path)) problem = $"The document key in {path} can be read by others. Close it with: chmod 600 '{path}'";
            return problem is null ? Read(path, out problem) : null;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            problem = $"The document key {path} cannot be read or made: {refused.Message}";
            return null;
        }
    }

    /// <summary>A document's envelope.</summary>
    /// <param name="body">One JSON object as text; null: what the document stood for was removed.</param>
    public SignedDocument Sign(DocumentHeader header, byte[]? body)
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(pem);
        return new SignedDocument(header, DsseSigner.Sign(key, DocumentWriter.PayloadType, DocumentWriter.Write(header, body)), KeyId);
    }

    private static DocumentKeyFile? Read(string path, out string? problem)
    {
        problem = $"{path} holds no document key: expected an unencrypted private key of ECDSA on P-256 in PEM. Delete the file, and the next start makes one that has to be endorsed.";
        try
        {
            var text = File.ReadAllText(path);
            using var key = ECDsa.Create();
            key.ImportFromPem(text);
            if (PublisherKey.HashOf(key) != HashAlgorithmName.SHA256 || key.ExportParameters(includePrivateParameters: true).D is null) return null;
            if (PublisherKey.Read("document key", key.ExportSubjectPublicKeyInfoPem(), out _) is not { } half) return null;
            problem = null;
            return new DocumentKeyFile(path, text, half);
        }
        catch (Exception unreadable) when (unreadable is ArgumentException or CryptographicException)
        {
            return null;
        }
    }

    private static void Make(string path)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        var half = path + ".new";
        File.Delete(half);
        using (var stream = new FileStream(half, options))
        {
            using var writer = new StreamWriter(stream, leaveOpen: true);
            writer.Write(key.ExportPkcs8PrivateKeyPem() + "\n");
            writer.Flush();
            stream.Flush(flushToDisk: true);
        }

        File.Move(half, path);
    }

    private static bool IsOpen(string path) => !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~(OwnerOnly | UnixFileMode.UserExecute)) != 0;
}
