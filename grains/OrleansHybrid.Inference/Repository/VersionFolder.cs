using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Inference.Repository;

/// <summary>The files of one version: names relative to its folder, with '/' between folders.</summary>
/// <remarks>
/// A link is followed only when it ends at a regular file that lies in this folder itself. So no name, whatever the manifest or graph says, leads out:
/// files are looked up here, never by joining paths.
/// </remarks>
internal sealed class VersionFolder
{
    private readonly Dictionary<string, FileInfo> files = new(StringComparer.Ordinal);
    private readonly List<FileInfo> links = [];
    private readonly List<string> errors = [];
    private readonly string root;

    private VersionFolder(string path)
    {
        root = Path.GetFullPath(path);
        Walk(new DirectoryInfo(root), 0);
        FollowLinks();
        if (files.Count > Limits.FilesPerVersionMax) errors.Add($"expected at most {Limits.FilesPerVersionMax} files; came more. Remove what does not belong to the version.");
        if (Bytes > Limits.VersionBytesMax) errors.Add($"expected at most {Limits.VersionBytesMax} bytes in all files; came {Bytes}. Remove what does not belong to the version.");
    }

    public static VersionFolder Read(string path) => new(path);

    public IReadOnlyDictionary<string, FileInfo> Files => files;

    /// <summary>Names in <see cref="Files"/> that are links to other files of it.</summary>
    public IEnumerable<string> Links => links.Select(NameOf);

    public IReadOnlyList<string> Errors => errors;

    /// <summary>One of <see cref="Errors"/> is a link that leads out of the folder or ends nowhere.</summary>
    public bool HasStrayLink { get; private set; }

    private decimal Bytes => files.Values.Sum(f => (decimal)f.Length);

    private void Walk(DirectoryInfo folder, int depth)
    {
        foreach (var entry in folder.EnumerateFileSystemInfos("*", new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = false }))
        {
            if (files.Count + links.Count > Limits.FilesPerVersionMax) return;
            if (entry.LinkTarget is not null) TakeLink(entry);
            else if (entry is FileInfo file) files[NameOf(file)] = file;
            else if (depth < Limits.VersionFolderDepthMax) Walk((DirectoryInfo)entry, depth + 1);
            else errors.Add($"{ManifestText.Quote(NameOf(entry))}: expected at most {Limits.VersionFolderDepthMax} folders inside one another; came more. Remove it.");
        }
    }

    private void TakeLink(FileSystemInfo link)
    {
        if (link is FileInfo file) links.Add(file);
        else Refuse(link);
    }

    private void FollowLinks()
    {
        var regular = files.Values.ToDictionary(f => f.FullName, StringComparer.Ordinal);
        foreach (var link in links)
        {
            if (FinalTarget(link) is { } target && regular.TryGetValue(target, out var file)) files[NameOf(link)] = file;
            else Refuse(link);
        }
    }

    private static string? FinalTarget(FileInfo link)
    {
        try
        {
            return link.ResolveLinkTarget(returnFinalTarget: true)?.FullName;
        }
        catch (IOException)
        {
            return null; // A circle, or a target that is gone.
        }
    }

    private void Refuse(FileSystemInfo link)
    {
        HasStrayLink = true;
        errors.Add($"{ManifestText.Quote(NameOf(link))}: expected a file of this folder; came a link that leaves it or ends nowhere. Copy the file itself into the folder.");
    }

    private string NameOf(FileSystemInfo entry) => Path.GetRelativePath(root, entry.FullName).Replace(Path.DirectorySeparatorChar, '/');
}
