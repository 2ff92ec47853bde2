using System.Runtime.InteropServices;
using System.Security.Cryptography;
using OrleansHybrid.Domain.Bundles;

namespace OrleansHybrid.Links.Bundles.Store;

/// <summary>Changes on disk that survive a power cut, each with its failpoints: folders 0700, files 0600.</summary>
internal static class Disk
{
    private const int NoSpace = 28;              // ENOSPC on Linux and macOS.
    private const int QuotaLinux = 122;          // EDQUOT.
    private const int QuotaMac = 69;
    private const int FullWindows = unchecked((int)0x80070070);
    private const int ChunkBytes = 1 << 20;

    /// <summary>Nothing when it is there.</summary>
    public static void CreateFolder(FailStep step, string path)
    {
        if (!Directory.Exists(path)) Around(step, () => Create(path));
    }

    /// <summary>Opens for reading and writing, unbuffered: a full disk shows where it happens.</summary>
    public static FileStream Open(string path, FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.Read | FileShare.Delete, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }

    public static FileStream OpenToRead(string path) =>
        new(path, new FileStreamOptions { Share = FileShare.Read | FileShare.Delete, Options = FileOptions.Asynchronous | FileOptions.SequentialScan });

    /// <summary>Replaces a file whole: the old content is there, or the new.</summary>
    public static async Task ReplaceAsync(ReplaceSteps steps, string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var half = path + Half;
        try
        {
            await WriteAsync(steps, half, content, cancellationToken);
        }
        catch (IOException failed) when (IsFull(failed))
        {
            File.Delete(half); // It would take of what is missing.
            throw;
        }

        Around(steps.Rename, () => File.Move(half, path, overwrite: true));
        SyncFolder(steps.SyncFolder, Path.GetDirectoryName(path)!);
    }

    private static async Task WriteAsync(ReplaceSteps steps, string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        await using var file = Open(path, FileMode.Create);
        Failpoint.Hit(steps.Write.Before);
        await file.WriteAsync(content, cancellationToken);
        Failpoint.Hit(steps.Write.After);
        Sync(steps.Sync, file);
    }

    /// <summary>The ending of a file that is being written.</summary>
    public const string Half = ".half";

    public static void Empty(FailStep step, FileStream file) => Around(step, () => file.SetLength(0));

    public static void Sync(FailStep step, FileStream file) => Around(step, () => file.Flush(flushToDisk: true));

    public static void MoveFolder(FailStep step, string from, string to) => Around(step, () => Directory.Move(from, to));

    public static void MoveFile(FailStep step, string from, string to) => Around(step, () => File.Move(from, to, overwrite: true));

    public static void DeleteFile(FailStep step, string path) => Around(step, () => File.Delete(path));

    /// <summary>Removes a folder that nothing points at any more.</summary>
    public static void DeleteFolder(FailStep step, string path) => Around(step, () => Directory.Delete(path, recursive: true));

    /// <summary>A second name for a file, or a copy of it where the file system has no such names.</summary>
    public static void LinkOrCopy(FailStep step, string from, string to) => Around(step, () =>
    {
        if (!OperatingSystem.IsWindows() && Native.Link(from, to) == 0) return;
        using var source = new FileStream(from, FileMode.Open, FileAccess.Read, FileShare.Read);
        using var copy = Open(to, FileMode.CreateNew);
        source.CopyTo(copy);
        copy.Flush(flushToDisk: true);
    });

    /// <summary>Makes names in a folder last. Windows keeps them by itself.</summary>
    public static void SyncFolder(FailStep step, string path) => Around(step, () =>
    {
        if (OperatingSystem.IsWindows()) return;
        var folder = Native.Open(path, 0);
        if (folder < 0) throw new IOException($"the folder cannot be opened to be made lasting (error {Marshal.GetLastPInvokeError()})", Marshal.GetLastPInvokeError());
        try
        {
            if (Native.Sync(folder) != 0) throw new IOException($"the folder cannot be made lasting (error {Marshal.GetLastPInvokeError()})", Marshal.GetLastPInvokeError());
        }
        finally
        {
            _ = Native.Close(folder);
        }
    });

    public static async Task<string> DigestAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = OpenToRead(path);
        return BundleDigests.Prefix + Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken));
    }

    /// <summary>Hashes a file from its begin to its end.</summary>
    public static async Task HashAsync(FileStream file, IncrementalHash hash, CancellationToken cancellationToken)
    {
        var chunk = new byte[(int)Math.Clamp(file.Length, 1, ChunkBytes)];
        file.Position = 0;
        for (int count; (count = await file.ReadAsync(chunk, cancellationToken)) > 0;) hash.AppendData(chunk, 0, count);
    }

    public static bool IsFull(IOException failed) => failed.HResult is NoSpace or QuotaLinux or QuotaMac or FullWindows;

    private static void Create(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static void Around(FailStep step, Action change)
    {
        Failpoint.Hit(step.Before);
        change();
        Failpoint.Hit(step.After);
    }

    private static class Native
    {
        [DllImport("libc", EntryPoint = "link", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Link([MarshalAs(UnmanagedType.LPUTF8Str)] string from, [MarshalAs(UnmanagedType.LPUTF8Str)] string to);

        [DllImport("libc", EntryPoint = "open", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

        [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Sync(int file);

        [DllImport("libc", EntryPoint = "close", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Close(int file);
    }
}

/// <summary>The steps of replacing a file.</summary>
internal sealed record ReplaceSteps(FailStep Write, FailStep Sync, FailStep Rename, FailStep SyncFolder);
