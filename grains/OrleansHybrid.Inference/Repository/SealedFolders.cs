using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Inference.Repository;

/// <summary>Private copies of models whose weights lie in files of their own, since ONNX Runtime reads those by path alone. Folders are 0700, files 0600; what an earlier process left is removed at the start.</summary>
internal sealed class SealedFolders(string dataFolder)
{
    private readonly string root = Path.Combine(Path.GetFullPath(dataFolder), "sealed");
    private int created;

    public void Clear()
    {
        if (Directory.Exists(root)) Directory.Delete(root, recursive: true);
    }

    /// <summary>A new empty folder that nobody else can read.</summary>
    public string Create(ModelVersionKey key)
    {
        CreatePrivate(root);
        var path = Path.Combine(root, string.Create(null, $"{key.Model}-{key.Version}-{Interlocked.Increment(ref created)}"));
        if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
        CreatePrivate(path);
        return path;
    }

    /// <summary>A new file in such a folder.</summary>
    public static FileStream CreateFile(string folder, string name)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(Path.Combine(folder, name), options);
    }

    /// <summary>Removes a folder, if it is there.</summary>
    public static void Remove(string? folder)
    {
        if (folder is null || !Directory.Exists(folder)) return;
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (IOException)
        {
            // Still open somewhere: the next start clears what is left.
        }
    }

    private static void CreatePrivate(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
