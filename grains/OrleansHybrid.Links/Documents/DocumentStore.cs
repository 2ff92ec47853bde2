using System.Security.Cryptography;
using System.Text;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.Domain.Documents;
using OrleansHybrid.Links.Bundles.Store;

namespace OrleansHybrid.Links.Documents;

/// <summary>What was read back from disk.</summary>
/// <param name="Documents">What verified.</param>
/// <param name="LeftOut">Files that are there and do not count, by name, with the reason.</param>
public sealed record KeptDocuments(DocumentSet Documents, IReadOnlyList<(string File, BundleProblem Problem)> LeftOut);

/// <summary>The documents that hold in a place, on its disk, so that it starts with them when nothing above can be asked.</summary>
/// <remarks>
/// One file for each document and each endorsement, as signed; nothing else is believed, so every envelope is verified again when it is read. A file is
/// written beside its place, flushed and moved over it: it is there whole or not at all. Endorsements are written before the documents that need them.
/// One writer at a time: the caller sees to it.
/// </remarks>
/// <param name="folder">Made when first written to.</param>
public sealed class DocumentStore(string folder)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const string Extension = ".dsse.json";
    private const string DocumentPrefix = "document-";
    private const string EndorsementPrefix = "endorsement-";
    private readonly Dictionary<string, string> written = new(StringComparer.Ordinal);

    private string FarmFile => Path.Combine(folder, "farm");

    /// <summary>Never throws for what it finds: what cannot be read is left out.</summary>
    public KeptDocuments Read(IReadOnlyList<PublisherKey> publishers, DateTimeOffset now)
    {
        var leftOut = new List<(string, BundleProblem)>();
        var farm = ReadFarm();
        var trust = new DocumentTrust(publishers, farm);
        var endorsements = Files(EndorsementPrefix, Limits.EndorsementBytesMax, leftOut).ToArray();
        foreach (var (file, bytes) in endorsements)
        {
            if (EndorsementRules.Verify(bytes, publishers, out var problem) is null) leftOut.Add((file, problem!));
        }

        var set = DocumentRules.Endorse(DocumentSet.Empty with { Farm = farm }, trust, [.. endorsements.Select(e => e.Bytes)]);
        foreach (var (file, bytes) in Files(DocumentPrefix, Limits.DocumentBytesMax, leftOut))
        {
            (set, var verdict) = DocumentRules.Accept(set, trust, bytes, [], now, kept: true);
            if (verdict.Problem is { } problem) leftOut.Add((file, problem));
            else if (NameOf(verdict.Document!) == file) written[file] = BundleDigests.Of(bytes);
        }

        return new KeptDocuments(set, leftOut);
    }

    /// <summary>Writes what changed.</summary>
    /// <returns>Null when all is on disk; else what failed: the set holds all the same, and the next write tries again.</returns>
    public string? Write(DocumentSet set)
    {
        try
        {
            MakeFolder();
            if (set.Farm.Length > 0) WriteOne("farm", Encoding.UTF8.GetBytes(set.Farm));
            foreach (var endorsement in set.Endorsements) WriteOne(NameOf(endorsement), endorsement);
            foreach (var document in set.Documents) WriteOne(NameOf(document), document.Envelope);
            var current = set.Endorsements.Select(NameOf).ToHashSet(StringComparer.Ordinal);
            foreach (var file in Directory.EnumerateFiles(folder, EndorsementPrefix + "*" + Extension).Where(f => !current.Contains(Path.GetFileName(f))).ToArray()) Drop(file);
            return null;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return refused.Message;
        }
    }

    private void WriteOne(string name, byte[] content)
    {
        var digest = BundleDigests.Of(content);
        var path = Path.Combine(folder, name);
        if (written.TryGetValue(name, out var known) && known == digest && File.Exists(path)) return;
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        using (var stream = new FileStream(path + ".new", options))
        {
            Failpoint.Hit(FailpointNames.DocumentWrite.Before);
            stream.Write(content);
            Failpoint.Hit(FailpointNames.DocumentWrite.After);
            Disk.Sync(FailpointNames.DocumentSync, stream);
        }

        Disk.MoveFile(FailpointNames.DocumentRename, path + ".new", path);
        written[name] = digest;
    }

    private void Drop(string file)
    {
        written.Remove(Path.GetFileName(file));
        File.Delete(file);
    }

    private IEnumerable<(string File, byte[] Bytes)> Files(string prefix, int bytesMax, List<(string, BundleProblem)> leftOut)
    {
        if (!Directory.Exists(folder)) yield break;
        foreach (var path in Directory.EnumerateFiles(folder, prefix + "*" + Extension).Order(StringComparer.Ordinal).ToArray())
        {
            var name = Path.GetFileName(path);
            if (ReadOne(path, bytesMax, out var problem) is { } bytes) yield return (name, bytes);
            else leftOut.Add((name, problem!));
        }
    }

    private static byte[]? ReadOne(string path, int bytesMax, out BundleProblem? problem)
    {
        problem = null;
        try
        {
            var file = new FileInfo(path);
            if (file.LinkTarget is not null) problem = new BundleProblem(BundleRefusal.NotAFile, "expected a file; came a link.");
            else if (file.Length > bytesMax) problem = new BundleProblem(BundleRefusal.TooLarge, $"{file.Length} bytes; {bytesMax} are the most.");
            else return File.ReadAllBytes(path);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            problem = new BundleProblem(BundleRefusal.MissingFile, $"it cannot be read: {refused.Message}");
        }

        return null;
    }

    /// <summary>Which farm this place belongs to, from before any document; what is no farm's id does not count.</summary>
    private string ReadFarm()
    {
        try
        {
            var file = new FileInfo(FarmFile);
            if (!file.Exists || file.Length > Limits.NameCharsMax) return "";
            var text = File.ReadAllText(FarmFile).Trim();
            return FarmIds.IsFarm(text) ? text : "";
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private void MakeFolder()
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
    }

    /// <summary>From the place, so that a newer document takes its file; hashed, since a name may hold what no file's may.</summary>
    private static string NameOf(SignedDocument document) => DocumentPrefix + Hash(Encoding.UTF8.GetBytes(document.Header.Key.ToString())) + Extension;

    private static string NameOf(byte[] endorsement) => EndorsementPrefix + Hash(endorsement) + Extension;

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes))[..32];
}
