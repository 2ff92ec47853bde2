using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using OrleansHybrid.Silo.Start;

namespace OrleansHybrid.Silo.Store;

/// <summary>Folders that only this user can enter (0700), and the mask that keeps every file made by this process at 0600.</summary>
internal static class PrivateFolder
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Others = (UnixFileMode)0b000_111_111;

    /// <summary>From now on no file or folder of this process is open to others, also those that libraries make.</summary>
    public static void MaskNewFiles()
    {
        if (!OperatingSystem.IsWindows()) _ = SetMask((int)Others);
    }

    /// <summary>Makes the folder, or checks that nobody else can enter the one that is there.</summary>
    public static void Ensure(string path)
    {
        try
        {
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
            else EnsureUnix(path);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new StartFailure($"The folder {path} cannot be made or read by this user. Choose another with --data, or give this user the right to it.");
        }
    }

    [UnsupportedOSPlatform("windows")]
    private static void EnsureUnix(string path)
    {
        if (!Directory.Exists(path)) Directory.CreateDirectory(path, Owner);
        var mode = File.GetUnixFileMode(path);
        if ((mode & Others) == 0) return;
        throw new StartFailure($"The folder {path} holds a cell's state, and others can enter it. Close it with: chmod -R go= '{path}'");
    }

    [DllImport("libc", EntryPoint = "umask")]
    private static extern int SetMask(int mask);
}
