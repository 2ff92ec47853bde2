using System.Diagnostics;

namespace OrleansHybrid.Domain.Tests.House;

/// <summary>The checkout that the tests were built from, and the files it holds.</summary>
internal static class Checkout
{
    private static readonly string[] NotOurs = ["bin", "obj", ".git", ".hybrid", ".work", "TestResults", "BenchmarkDotNet.Artifacts", "node_modules", "__pycache__"];

    public static string Root { get; } = FindRoot();

    /// <summary>Every file that belongs to the project, relative to the root, with forward slashes.</summary>
    public static IReadOnlyList<string> Files { get; } = Walk(Root).Order(StringComparer.Ordinal).ToList();

    public static string Read(string relative) => File.ReadAllText(Path.Combine(Root, relative));

    /// <summary>Project name → names of the projects it references.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> ProjectReferences { get; } =
        Files.Where(f => f.EndsWith(".csproj", StringComparison.Ordinal) && !f.StartsWith("models/", StringComparison.Ordinal))
            .ToDictionary(f => Path.GetFileNameWithoutExtension(f)!, References);

    private static IReadOnlyList<string> References(string project) =>
        System.Xml.Linq.XDocument.Parse(Read(project)).Descendants("ProjectReference")
            .Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/'))!)
            .Order(StringComparer.Ordinal).ToList();

    private static IEnumerable<string> Walk(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder)) yield return Path.GetRelativePath(Root, file).Replace('\\', '/');
        foreach (var child in Directory.EnumerateDirectories(folder).Where(d => !NotOurs.Contains(Path.GetFileName(d))))
        {
            foreach (var file in Walk(child)) yield return file;
        }
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "OrleansHybrid.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new UnreachableException("the tests run inside a checkout with OrleansHybrid.sln at its root");
    }
}
