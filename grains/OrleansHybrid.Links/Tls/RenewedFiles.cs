using System.Security.Cryptography;
using OrleansHybrid.Domain;

namespace OrleansHybrid.Links.Tls;

/// <param name="Secret">A private key: refused when others can read it.</param>
public sealed record WatchedFile(string Path, bool Secret);

/// <summary>What was read from files that are replaced while the process runs. The last good reading holds: a broken new one is told and leaves it.</summary>
/// <remarks>Compared by content, since a mounted secret is a link whose target is exchanged and whose time says nothing.</remarks>
public sealed class RenewedFiles<T> : IDisposable
    where T : class
{
    private readonly IReadOnlyList<WatchedFile> files;
    private readonly Func<IReadOnlyList<byte[]>, (T? Value, string? Problem)> read;
    private readonly Action<string> note;
    private readonly ITimer timer;
    private readonly Lock gate = new();
    private T current;
    private byte[] digest;
    private bool refused;

    private RenewedFiles(IReadOnlyList<WatchedFile> files, Func<IReadOnlyList<byte[]>, (T? Value, string? Problem)> read, TimeProvider clock, Action<string> note, T first, byte[] digest)
    {
        (this.files, this.read, this.note, current, this.digest) = (files, read, note, first, digest);
        timer = clock.CreateTimer(static self => ((RenewedFiles<T>)self!).Look(), this, Limits.CertificateRereadInterval, Limits.CertificateRereadInterval);
    }

    public T Current => Volatile.Read(ref current);

    /// <summary>Null with the problem: the files are not there, or not what they should be.</summary>
    /// <param name="note">Told a sentence when another content took effect, or was refused.</param>
    public static RenewedFiles<T>? Open(IReadOnlyList<WatchedFile> files, Func<IReadOnlyList<byte[]>, (T? Value, string? Problem)> read, TimeProvider clock, Action<string> note, out string? problem)
    {
        if (Contents(files, out problem) is not { } contents) return null;
        (var first, problem) = read(contents);
        return first is null ? null : new RenewedFiles<T>(files, read, clock, note, first, DigestOf(contents));
    }

    public void Dispose() => timer.Dispose();

    private void Look()
    {
        // A look that takes longer than the interval is not joined by a second one.
        if (!gate.TryEnter()) return;
        try
        {
            Reread();
        }
        finally
        {
            gate.Exit();
        }
    }

    private void Reread()
    {
        var contents = Contents(files, out var problem);
        var seen = contents is null ? SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(problem!)) : DigestOf(contents);
        var told = seen.AsSpan().SequenceEqual(digest);
        // What was refused is tried again although nothing changed: a certificate that was not valid yet becomes so.
        if (told && !refused) return;
        (var next, problem) = contents is null ? (null, problem) : read(contents);
        (digest, refused) = (seen, next is null);
        if (next is not null)
        {
            Volatile.Write(ref current, next);
            note($"'{files[0].Path}' was renewed and is in use.");
        }
        else if (!told)
        {
            note($"'{files[0].Path}' changed and is not usable: {problem}. What was read before stays in use.");
        }
    }

    private static List<byte[]>? Contents(IReadOnlyList<WatchedFile> files, out string? problem)
    {
        var contents = new List<byte[]>();
        problem = null;
        foreach (var file in files)
        {
            if (PemFiles.Read(file.Path, file.Secret, out problem) is not { } bytes) return null;
            contents.Add(bytes);
        }

        return contents;
    }

    private static byte[] DigestOf(IReadOnlyList<byte[]> contents)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var content in contents) hash.AppendData(SHA256.HashData(content));
        return hash.GetHashAndReset();
    }
}
