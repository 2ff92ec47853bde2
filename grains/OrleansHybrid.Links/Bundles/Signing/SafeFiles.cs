using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace OrleansHybrid.Links.Bundles.Signing;

/// <summary>Opens files of a folder that others may have written: a link is not followed, a pipe does not block.</summary>
/// <remarks>A check of the name before opening would leave a moment in which a file is replaced by a link; so the operating system is asked to refuse the link itself.</remarks>
internal static class SafeFiles
{
    /// <summary>Null when it is a link, or no file that can be read from its start.</summary>
    /// <exception cref="IOException">It is not there, or cannot be read.</exception>
    public static FileStream? OpenRegular(string path)
    {
        if (new FileInfo(path).LinkTarget is not null) return null;
        var handle = OperatingSystem.IsWindows() ? File.OpenHandle(path) : OpenUnix(path);
        if (handle is null) return null;
        var stream = new FileStream(handle, FileAccess.Read, bufferSize: 0);
        if (stream.CanSeek) return stream;
        stream.Dispose();
        return null;
    }

    private static SafeFileHandle? OpenUnix(string path)
    {
        var descriptor = Open(path, Flags.ReadOnly | Flags.NonBlocking | Flags.NoFollow | Flags.CloseOnExec);
        if (descriptor >= 0) return new SafeFileHandle(descriptor, ownsHandle: true);
        var error = Marshal.GetLastPInvokeError();
        if (error == Flags.TooManyLinks || error == Flags.NoSuchDevice) return null;
        throw new IOException($"'{path}' cannot be read: {Marshal.GetPInvokeErrorMessage(error)}. Check that it is there and that you may read it.");
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    /// <summary>The numbers of open(2) and errno(3), which differ between systems and processors.</summary>
    private static class Flags
    {
        public const int ReadOnly = 0;
        public static readonly int NonBlocking = OperatingSystem.IsMacOS() ? 0x4 : 0x800;
        public static readonly int CloseOnExec = OperatingSystem.IsMacOS() ? 0x1000000 : 0x80000;
        public static readonly int TooManyLinks = OperatingSystem.IsMacOS() ? 62 : 40;
        public const int NoSuchDevice = 6;

        public static readonly int NoFollow = OperatingSystem.IsMacOS() ? 0x100
            : RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm ? 0x8000 : 0x20000;
    }
}
