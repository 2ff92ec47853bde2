using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Bundles;

namespace OrleansHybrid.Links.Documents;

/// <summary>The publishers' public keys that one place trusts: the PEM files of a folder, named <c>*.pem</c> or, as 'hybrid keys make' names them, <c>*.pub</c>. It may change while the program runs, and is read again when a file's time or size did.</summary>
/// <remarks>A missing folder is an empty one: nobody is trusted. A file that holds no usable key is left out, and told once for as long as it stays the same.</remarks>
/// <param name="path">The folder; need not exist.</param>
/// <param name="warn">Takes a sentence for the log.</param>
public sealed class PublisherFolder(string path, Action<string> warn)
{
    private static readonly string[] Endings = [".pem", ".pub"];
    private const int KeyFileBytesMax = 16 << 10;
    private readonly Lock reading = new();
    private Read? last;

    public string Path { get; } = path;

    /// <summary>The keys as the folder holds them now, by file name.</summary>
    public IReadOnlyList<PublisherKey> Keys => Look().Keys;

    /// <summary>Changes whenever <see cref="Keys"/> may have: what was refused for a missing key can be tried again.</summary>
    public string Stamp => Look().Stamp;

    private Read Look()
    {
        lock (reading)
        {
            var files = List();
            var stamp = string.Join('\n', files.Select(f => FormattableString.Invariant($"{f.Name} {f.Length} {f.LastWriteTimeUtc.Ticks}")));
            return last is { } known && known.Stamp == stamp ? known : last = new Read(stamp, ReadAll(files));
        }
    }

    private FileInfo[] List()
    {
        try
        {
            return Directory.Exists(Path) ? [.. new DirectoryInfo(Path).EnumerateFiles().Where(f => Endings.Contains(f.Extension)).OrderBy(f => f.Name, StringComparer.Ordinal)] : [];
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            if (last?.Stamp != "") warn($"The publishers' folder {Path} cannot be read: {refused.Message} No publisher is trusted until it can.");
            return [];
        }
    }

    private List<PublisherKey> ReadAll(FileInfo[] files)
    {
        var keys = new List<PublisherKey>();
        foreach (var file in files)
        {
            if (ReadOne(file) is not { } key) continue;
            if (keys.Count == Limits.PublisherKeysMax) warn($"The publishers' folder {Path} holds more than {Limits.PublisherKeysMax} keys: {file.Name} is left out. Remove keys that are not used.");
            else if (keys.All(k => k.KeyId != key.KeyId)) keys.Add(key);
        }

        return keys;
    }

    private PublisherKey? ReadOne(FileInfo file)
    {
        try
        {
            if (file.Length > KeyFileBytesMax) warn($"{file.FullName} is left out: a public key in PEM has at most {KeyFileBytesMax} bytes, this has {file.Length}.");
            else if (PublisherKey.Read(file.Name, File.ReadAllText(file.FullName), out var problem) is { } key) return key;
            else warn($"{file.FullName} is left out: {problem!.Message}");
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            warn($"{file.FullName} is left out: {refused.Message}");
        }

        return null;
    }

    private sealed record Read(string Stamp, IReadOnlyList<PublisherKey> Keys);
}
