namespace OrleansHybrid.EndToEnd.Tests.Harness;

/// <summary>A state folder as a restored backup: every file, and for its owner alone, since one that others may read would be refused.</summary>
internal static class FolderCopy
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public static void Restore(string from, string to)
    {
        foreach (var path in Directory.EnumerateDirectories(from, "*", SearchOption.AllDirectories).Prepend(from)) Directory.CreateDirectory(Path.Combine(to, Path.GetRelativePath(from, path)), Owner);
        foreach (var path in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories)) File.Copy(path, Path.Combine(to, Path.GetRelativePath(from, path)));
    }
}
