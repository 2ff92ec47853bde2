using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Bundles;

namespace OrleansHybrid.Links.Bundles.Signing;

/// <param name="Name">Below the folder, '/' between parts.</param>
/// <param name="Bytes">When it was listed.</param>
internal readonly record struct FoundFile(string Name, string Path, long Bytes);

/// <summary>One walk over a version's folder, within the bounds of a version.</summary>
/// <param name="ignore">Paths to leave out besides <see cref="BundleNames.NeverSigned"/>.</param>
internal sealed class BundleFolderWalk(IEnumerable<string> ignore)
{
    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false, RecurseSubdirectories = false, MatchType = MatchType.Simple };
    private readonly HashSet<string> ignored = [.. ignore.Select(p => p.TrimEnd('/'))];
    private readonly List<FoundFile> files = [];
    private BundleProblem? problem;
    private long bytes;

    public static BundleProblem NotAFile(string name) =>
        new(BundleRefusal.NotAFile, $"'{BundleNames.Show(name)}' is a link or no regular file. Put the file itself there: links are never followed.");

    /// <summary>Every regular file, ascending by name.</summary>
    public IReadOnlyList<FoundFile> List(string folder, out BundleProblem? why)
    {
        if (Directory.Exists(folder)) Walk(new DirectoryInfo(folder), "", 0);
        else problem = new BundleProblem(BundleRefusal.NotAFile, $"expected the folder of a version at '{folder}'; there is none. Check the path.");
        why = problem;
        files.Sort((a, b) => BundleNames.Compare(a.Name, b.Name));
        return files;
    }

    private void Walk(DirectoryInfo folder, string prefix, int depth)
    {
        if (depth > Limits.VersionFolderDepthMax) problem ??= TooLarge($"folders within folders, {Limits.VersionFolderDepthMax} at most; '{BundleNames.Show(prefix)}' lies deeper");
        if (problem is not null) return;
        foreach (var entry in folder.EnumerateFileSystemInfos("*", Everything))
        {
            var name = prefix + entry.Name;
            if (BundleNames.IsNeverSigned(name) || BundleNames.IsUnder(name, ignored)) continue;
            if (entry.LinkTarget is not null || entry.Attributes.HasFlag(FileAttributes.ReparsePoint)) problem = NotAFile(name);
            else if (entry is DirectoryInfo child) Walk(child, name + "/", depth + 1);
            else Add(name, (FileInfo)entry);
            if (problem is not null) return;
        }
    }

    private void Add(string name, FileInfo file)
    {
        files.Add(new FoundFile(name, file.FullName, file.Length));
        bytes += file.Length;
        if (files.Count > Limits.FilesPerVersionMax) problem = TooLarge($"{Limits.FilesPerVersionMax} files at most; there are more");
        if (bytes > Limits.VersionBytesMax) problem = TooLarge($"{Limits.VersionBytesMax >> 30} GiB at most; there is more");
    }

    private static BundleProblem TooLarge(string what) => new(BundleRefusal.TooLarge, $"a version's folder holds {what}. Leave out what does not belong to the version.");
}
