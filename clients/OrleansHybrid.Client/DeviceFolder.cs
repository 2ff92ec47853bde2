namespace OrleansHybrid.Client;

/// <summary>A client's own folder, open to this user alone and held by this client until it is disposed. Its files are 0600 and replaced whole.</summary>
/// <remarks>The lock is the operating system's: it ends with the process, however that ends.</remarks>
internal sealed class DeviceFolder : IDisposable
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly string path;
    private readonly FileStream held;

    private DeviceFolder(string path, FileStream held) => (this.path, this.held) = (path, held);

    /// <exception cref="IOException">Another client holds it, or others can enter it; the message says what to do.</exception>
    public static DeviceFolder Take(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else MakePrivate(path);
        try
        {
            return new DeviceFolder(Path.GetFullPath(path), new FileStream(Path.Combine(path, "lock"), Options(FileMode.OpenOrCreate, FileAccess.ReadWrite)));
        }
        catch (IOException inUse)
        {
            throw new IOException($"Data: the folder '{path}' is in use by another client. Dispose that one, or give each its own folder.", inUse);
        }
    }

    /// <summary>A private folder within this one.</summary>
    public string Sub(string name)
    {
        var sub = Path.Combine(path, name);
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(sub);
        else MakePrivate(sub);
        return sub;
    }

    /// <summary>Null when there is no such file.</summary>
    /// <exception cref="IOException">It is longer than <paramref name="bytesMax"/> or others can read it.</exception>
    public byte[]? TryRead(string name, long bytesMax)
    {
        var file = new FileInfo(Path.Combine(path, name));
        if (!file.Exists) return null;
        if (file.Length > bytesMax) throw new IOException($"'{name}' has {file.Length} bytes; {bytesMax} are the most.");
        if (!OperatingSystem.IsWindows() && (file.UnixFileMode & ~OwnerFile) != 0) throw new IOException($"'{name}' can be read by others. Close it with: chmod 600 '{file.FullName}'");
        return File.ReadAllBytes(file.FullName);
    }

    /// <summary>Replaces the file whole: after a crash it is the old or the new one.</summary>
    public void Write(string name, ReadOnlySpan<byte> content)
    {
        var temporary = Path.Combine(path, name + ".new");
        using (var file = new FileStream(temporary, Options(FileMode.Create, FileAccess.Write)))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, Path.Combine(path, name), overwrite: true);
    }

    public void Dispose() => held.Dispose();

    private static FileStreamOptions Options(FileMode mode, FileAccess access)
    {
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerFile;
        return options;
    }

    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    private static void MakePrivate(string path)
    {
        if (!Directory.Exists(path)) Directory.CreateDirectory(path, Owner);
        if ((File.GetUnixFileMode(path) & ~Owner) == 0) return;
        throw new IOException($"Data: the folder '{path}' is open to other users. Close it with: chmod 700 '{path}'");
    }
}
