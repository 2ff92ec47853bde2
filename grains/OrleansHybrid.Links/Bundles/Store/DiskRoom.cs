using System.Globalization;
using OrleansHybrid.Domain.Bundles;

namespace OrleansHybrid.Links.Bundles.Store;

/// <summary>What is free on the disk of a folder, and the refusals that say so: what is needed, what is free, what to do.</summary>
internal static class DiskRoom
{
    private const double BytesPerMib = 1 << 20;

    /// <summary>For this user, in bytes; as much as there can be where the system does not tell.</summary>
    public static long Free(string folder)
    {
        try
        {
            return new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(folder)! : folder).AvailableFreeSpace;
        }
        catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException)
        {
            return long.MaxValue;
        }
    }

    /// <summary>Before it is taken in.</summary>
    /// <param name="free">Without what was promised to files on their way.</param>
    /// <param name="reserve">Of it, kept for the audit log and the state.</param>
    public static BundleProblem TooLittle(string folder, long needed, long free, long reserve) => new(
        BundleRefusal.NoRoom,
        $"{Size(needed)} more are needed on the disk of {folder}; {Size(Math.Max(0, free))} are free, {Size(reserve)} of them kept for the audit log and the state. Free {Size(needed + reserve - free)} there; the next try goes on from what is here.");

    /// <summary>The disk itself said that it is full.</summary>
    public static BundleProblem Full(string folder, long needed) => new(
        BundleRefusal.NoRoom,
        $"the disk of {folder} is full: {Size(needed)} more are needed, {Size(Free(folder))} are free. Nothing was lost, and what arrived is kept. Free space there; the next try goes on from what is here.");

    private static string Size(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(10 * bytes / BytesPerMib) / 10:0.0} MiB");
}
