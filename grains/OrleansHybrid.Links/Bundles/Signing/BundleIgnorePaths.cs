using OrleansHybrid.Domain.Bundles;

namespace OrleansHybrid.Links.Bundles.Signing;

/// <summary>Paths that a caller leaves out of a signature: whole paths from the top of the folder, no patterns.</summary>
internal static class BundleIgnorePaths
{
    public static BundleProblem? Check(IReadOnlyList<string> paths) =>
        paths.Select(Check).FirstOrDefault(problem => problem is not null);

    private static BundleProblem? Check(string path)
    {
        var parts = path.TrimEnd('/').Split('/');
        var whole = parts.All(p => p is not ("" or "." or "..")) && path.IndexOfAny(['*', '?', '[', '\\']) < 0;
        return whole ? null : new BundleProblem(BundleRefusal.UnsafeName, $"the path to ignore '{BundleNames.Show(path)}' is no whole path below the folder. Write it as 'notes/draft.txt' or 'notes', without '..' and patterns.");
    }
}
