using Xunit;

namespace OrleansHybrid.Domain.Tests.Bundles;

/// <summary>Files of the specification and of its reference implementation, in a folder <c>shared/oms</c> beside one of the folders above; tests that need them are skipped where it is absent.</summary>
internal static class GoldenFiles
{
    private static readonly string? Folder = Find();

    public static byte[] Read(string relative)
    {
        Skip.If(Folder is null, "no folder shared/oms above the tests");
        return File.ReadAllBytes(Path.Combine(Folder!, relative));
    }

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared", "oms");
            if (Directory.Exists(candidate)) return candidate;
        }

        return null;
    }
}
