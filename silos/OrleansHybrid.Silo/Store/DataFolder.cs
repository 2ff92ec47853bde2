using System.Globalization;
using OrleansHybrid.Silo.Start;

namespace OrleansHybrid.Silo.Store;

/// <summary>A cell's state folder, held by this process alone. Taken before anything in it is opened: two processes in one folder would destroy the store's log.</summary>
/// <remarks>The lock is the operating system's: it ends with the process, also after kill -9.</remarks>
internal sealed class DataFolder : IDisposable
{
    private readonly FileStream held;

    private DataFolder(string path, FileStream held)
    {
        Path = path;
        this.held = held;
    }

    public string Path { get; }

    public string Store => System.IO.Path.Combine(Path, "store");

    public static DataFolder Take(string path)
    {
        PrivateFolder.Ensure(path);
        var held = Lock(path);
        File.WriteAllText(OwnerFile(path), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        return new DataFolder(path, held);
    }

    public void Dispose() => held.Dispose();

    private static FileStream Lock(string path)
    {
        try
        {
            return new FileStream(System.IO.Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new StartFailure($"The folder {path} is in use by {OwnerOf(path)}. One process owns a data folder: stop that one, or choose another folder with --data.");
        }
    }

    private static string OwnerFile(string path) => System.IO.Path.Combine(path, "owner");

    private static string OwnerOf(string path)
    {
        try
        {
            return $"process {File.ReadAllText(OwnerFile(path))}";
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return "another process";
        }
    }
}
