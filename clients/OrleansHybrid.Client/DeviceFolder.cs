namespace OrleansHybrid.Client;

/// <summary>A client's own folder, open to this user alone and held by this client until it is disposed.</summary>
/// <remarks>The lock is the operating system's: it ends with the process, however that ends.</remarks>
internal sealed class DeviceFolder : IDisposable
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private readonly FileStream held;

    private DeviceFolder(FileStream held) => this.held = held;

    /// <exception cref="IOException">Another client holds it, or others can enter it; the message says what to do.</exception>
    public static DeviceFolder Take(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else MakePrivate(path);
        try
        {
            return new DeviceFolder(new FileStream(Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException inUse)
        {
            throw new IOException($"Data: the folder '{path}' is in use by another client. Dispose that one, or give each its own folder.", inUse);
        }
    }

    public void Dispose() => held.Dispose();

    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    private static void MakePrivate(string path)
    {
        if (!Directory.Exists(path)) Directory.CreateDirectory(path, Owner);
        if ((File.GetUnixFileMode(path) & ~Owner) == 0) return;
        throw new IOException($"Data: the folder '{path}' is open to other users. Close it with: chmod 700 '{path}'");
    }
}
