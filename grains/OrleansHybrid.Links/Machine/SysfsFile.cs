using System.Globalization;

namespace OrleansHybrid.Links.Machine;

/// <summary>Small files of the kernel: one value each. What is not there, or is none, is null.</summary>
internal static class SysfsFile
{
    public static string? Text(string folder, string file)
    {
        try
        {
            var path = Path.Combine(folder, file);
            return File.Exists(path) ? File.ReadAllText(path).Trim() : null;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public static double? Number(string folder, string file) =>
        double.TryParse(Text(folder, file), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    public static IReadOnlyList<string> Folders(string root, string pattern)
    {
        try
        {
            return Directory.Exists(root) ? [.. Directory.EnumerateDirectories(root, pattern).Order(StringComparer.Ordinal)] : [];
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
