using System.Security.Cryptography;
using System.Text;

namespace OrleansHybrid.Inference.Repository;

/// <summary>Reads the files of one version, each exactly once, and hashes what it reads: the digest is that of the bytes in use, and no file is opened again by its path.</summary>
internal sealed class VersionFiles(VersionFolder folder)
{
    /// <summary>The signature covers all other files and cannot cover itself.</summary>
    public const string SignatureFile = "model.sig";

    private const int ChunkBytes = 1 << 20;
    private readonly Dictionary<string, string> digests = new(StringComparer.Ordinal);

    /// <summary>SHA-256 of each file that was read, <c>sha256:</c> and lower-case hex.</summary>
    public IReadOnlyDictionary<string, string> Digests => digests;

    /// <exception cref="FileChangedException">The file is not what the listing said: it is being written.</exception>
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
        digests[name] = "sha256:" + Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Hashes what was not read yet and gives the digest of the version: SHA-256 over the lines <c>name:digest</c>, in the order of their names.</summary>
    /// <inheritdoc cref="ReadAsync"/>
    public async Task<string> DigestVersionAsync(CancellationToken cancellationToken)
    {
        foreach (var name in folder.Files.Keys.Where(n => n != SignatureFile && !digests.ContainsKey(n)).ToList())
        {
            await CopyAsync(name, Stream.Null, cancellationToken);
        }

        var lines = digests.OrderBy(d => d.Key, StringComparer.Ordinal).Select(d => $"{d.Key}:{d.Value}\n");
        return "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(lines))));
    }

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
