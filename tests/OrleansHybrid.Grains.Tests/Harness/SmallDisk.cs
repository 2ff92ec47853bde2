using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace OrleansHybrid.Grains.Tests.Harness;

/// <summary>A file system of its own that is soon full, in memory. Root on Linux can mount one; elsewhere the test is skipped, in CI never.</summary>
public sealed class SmallDisk : IDisposable
{
    private SmallDisk(string path) => Path = path;

    public string Path { get; }

    public long Free => new DriveInfo(Path).AvailableFreeSpace;

    private string Ballast => System.IO.Path.Combine(Path, "ballast");

    /// <param name="path">An empty folder, or one that is not there; null: a new one.</param>
    public static SmallDisk Mount(long bytes, string? path = null)
    {
        path = path is null ? Directory.CreateTempSubdirectory("hybrid-small-").FullName : Directory.CreateDirectory(path).FullName;
        var mounted = OperatingSystem.IsLinux() && Call("mount", "-t", "tmpfs", "-o", string.Create(CultureInfo.InvariantCulture, $"size={bytes},mode=0700"), "tmpfs", path);
        if (!mounted) Skip.If(Environment.GetEnvironmentVariable("CI") is null or "", "A small disk can be mounted by root on Linux alone.");
        return mounted ? new SmallDisk(path) : throw new InvalidOperationException($"no file system could be mounted at {path}");
    }

    /// <summary>Somebody else takes all but so many bytes.</summary>
    public void FillTo(long free)
    {
        Clear();
        using var ballast = File.Create(Ballast, bufferSize: 1);
        var chunk = new byte[1 << 20];
        for (var left = Free - free; left > 0; left -= chunk.Length) ballast.Write(chunk.AsSpan(0, (int)Math.Min(left, chunk.Length)));
    }

    public void Clear() => File.Delete(Ballast);

    public void Dispose()
    {
        Call("umount", "-l", Path);
        if (!Directory.EnumerateFileSystemEntries(Path).Any()) Directory.Delete(Path);
    }

    private static bool Call(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
