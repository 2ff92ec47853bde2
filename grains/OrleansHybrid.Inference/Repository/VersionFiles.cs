using System.Security.Cryptography;
using System.Text;
using OrleansHybrid.Domain.Bundles;

namespace OrleansHybrid.Inference.Repository;

/// <summary>Reads the files of one version, each exactly once, and hashes what it reads: the digest is that of the bytes in use, and no file is opened again by its path.</summary>
/// <param name="signed">What the files must be; null when nothing was verified.</param>
internal sealed class VersionFiles(VersionFolder folder, SignedFiles? signed)
{
    private const int ChunkBytes = 1 << 20;
    private readonly Dictionary<string, string> digests = new(StringComparer.Ordinal);

    /// <summary>SHA-256 of each file that was read, <c>sha256:</c> and lower-case hex.</summary>
    public IReadOnlyDictionary<string, string> Digests => digests;

    /// <exception cref="FileChangedException">The file is not what the listing said: it is being written.</exception>
    /// <exception cref="FileRefusedException">The file is not the signed one.</exception>
    public async Task<byte[]> ReadAsync(string name, CancellationToken cancellationToken)
    {
        var bytes = new byte[checked((int)folder.Files[name].Length)];
        using var content = new MemoryStream(bytes);
        await CopyAsync(name, content, cancellationToken);
        return bytes;
    }

    /// <summary>Copies the file to <paramref name="target"/> while it is hashed.</summary>
    /// <inheritdoc cref="ReadAsync"/>
    public async Task CopyAsync(string name, Stream target, CancellationToken cancellationToken)
    {
        if (digests.ContainsKey(name)) throw new InvalidOperationException($"'{name}' was read before");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var file = folder.Files[name];
        // An empty file is not opened: sockets and pipes show no bytes either, and opening one waits for ever.
        if (file.Length > 0) await PumpAsync(name, file, hash, target, cancellationToken);
        var digest = BundleDigests.Prefix + Convert.ToHexStringLower(hash.GetHashAndReset());
        if (signed?.Check(name, digest) is { } problem) throw new FileRefusedException(problem);
        digests[name] = digest;
    }

    /// <summary>Hashes what was not read yet and gives the digest of the version: SHA-256 over the lines <c>name:digest</c>, in the order of their names.</summary>
    /// <remarks>Signed files that are not here count as they were signed, so the version has one digest wherever a part of it lies.</remarks>
    /// <inheritdoc cref="ReadAsync"/>
    public async Task<string> DigestVersionAsync(CancellationToken cancellationToken)
    {
        foreach (var name in folder.Files.Keys.Where(IsUnread).ToList()) await CopyAsync(name, Stream.Null, cancellationToken);
        foreach (var (name, digest) in signed?.Digests ?? new Dictionary<string, string>()) digests.TryAdd(name, digest);
        var lines = digests.OrderBy(d => d.Key, StringComparer.Ordinal).Select(d => $"{d.Key}:{d.Value}\n");
        return BundleDigests.Prefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(lines))));
    }

    /// <summary>What a signature never covers, or left out, belongs to no version; a manifest that names it is refused when it is read.</summary>
    private bool IsUnread(string name) => !digests.ContainsKey(name) && !BundleNames.IsNeverSigned(name) && signed?.Digests.ContainsKey(name) != false;

    private static async Task PumpAsync(string name, FileInfo file, IncrementalHash hash, Stream target, CancellationToken cancellationToken)
    {
        await using var source = new FileStream(file.FullName, new FileStreamOptions { Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0, Options = FileOptions.SequentialScan });
        var chunk = new byte[(int)Math.Min(ChunkBytes, file.Length + 1)];
        long read = 0;
        for (int count; (count = await source.ReadAsync(chunk, cancellationToken)) > 0; read += count)
        {
            if (read + count > file.Length) throw new FileChangedException(name);
            hash.AppendData(chunk, 0, count);
            await target.WriteAsync(chunk.AsMemory(0, count), cancellationToken);
        }

        if (read != file.Length) throw new FileChangedException(name);
    }
}

/// <summary>A file grew or shrank while it was read.</summary>
internal sealed class FileChangedException(string name) : IOException
{
    public string Name { get; } = name;
}

/// <summary>A file is not the one that was signed.</summary>
internal sealed class FileRefusedException(BundleProblem problem) : IOException
{
    public BundleProblem Problem { get; } = problem;
}
