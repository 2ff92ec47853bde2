using System.Globalization;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Yaml;

namespace OrleansHybrid.Inference.Repository;

/// <summary>Finds models in Triton's layout, <c>root/model/version/</c>. A folder without a numeric sub-folder or <c>config.yaml</c> is no model and is passed over.</summary>
/// <param name="managed">The bundle store's root: its versions join those of the other roots, and win where a number is in both.</param>
internal sealed class RepositoryFolders(IReadOnlyList<string> roots, ManagedRepository? managed = null)
{
    public const string ConfigFile = "config.yaml";
    public const string TritonConfigFile = "config.pbtxt";

    private static readonly EnumerationOptions Readable = new() { AttributesToSkip = 0, IgnoreInaccessible = true };

    /// <summary>Every model's name, in order, once. Those past <see cref="Limits.ModelsPerRepositoryMax"/> are in <paramref name="keptOut"/>.</summary>
    public IReadOnlyList<string> List(out IReadOnlyList<string> keptOut)
    {
        var names = roots.SelectMany(FoldersOf).Concat(ManagedFolders()).Where(IsModel).Select(f => f.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        keptOut = [.. names.Skip(Limits.ModelsPerRepositoryMax)];
        return [.. names.Take(Limits.ModelsPerRepositoryMax)];
    }

    /// <summary>The model of exactly this name; null when no root has a folder for it. The name is compared, never made into a path.</summary>
    public ModelFolder? Find(string name)
    {
        var found = Enumerable.Range(0, roots.Count).SelectMany(r => FoldersOf(roots[r]).Where(f => f.Name == name && IsModel(f)).Select(f => (Root: r, Folder: f))).ToList();
        var managedFolder = ManagedFolders().FirstOrDefault(f => f.Name == name && IsModel(f));
        if (found.Count == 0 && managedFolder is null) return null;
        var folder = found.Count > 0 ? found[0].Folder : managedFolder!;
        var plain = found.Count > 0 ? Versions(folder).ToList() : [];
        var published = managedFolder is null ? [] : Versions(managedFolder).Select(v => v with { IsManaged = true, WhyNot = managed!.WhyNot(new ModelVersionKey(name, v.Number)) }).ToList();
        var versions = published.UnionBy(plain, v => v.Number).OrderBy(v => v.Number).ToList();
        var errors = new List<string>();
        if (found.Count > 1) errors.Add($"expected the model in one repository; came {string.Join(" and ", found.Select(f => Describe(f.Root)))}. Keep one of the folders.");
        if (!TextRule.Name.Accepts(name)) errors.Add($"expected as the folder's name {TextRule.Name.Expected}; came {ManifestText.Quote(name)}. Rename it.");
        if (folder.LinkTarget is not null) errors.Add("expected a folder; came a link. Put the folder itself here, or give its place with --models.");
        if (versions.Count == 0) errors.Add("expected at least one version's folder, such as '1'; came none. Put the files into one.");
        var keptOut = versions.Count > Limits.VersionsPerModelMax ? $"expected at most {Limits.VersionsPerModelMax} versions; came {versions.Count}. The newest are kept out: remove old ones." : null;
        return new ModelFolder(name, folder.FullName, [.. versions.Take(Limits.VersionsPerModelMax)], errors, keptOut)
        {
            Shadowed = [.. plain.Select(v => v.Number).Intersect(published.Select(v => v.Number))],
        };
    }

    /// <summary>By position and last name alone: full paths are nobody's business but the operator's.</summary>
    private string Describe(int root) => string.Create(null, $"{ManifestText.Quote(Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(roots[root]))))} (--models number {root + 1})");

    private IEnumerable<DirectoryInfo> ManagedFolders() => managed is null ? [] : FoldersOf(managed.Root);

    private static IEnumerable<DirectoryInfo> FoldersOf(string root)
    {
        var folder = new DirectoryInfo(root);
        return folder.Exists ? folder.EnumerateDirectories("*", Readable) : [];
    }

    private static bool IsModel(DirectoryInfo folder) => folder.Exists && (Versions(folder).Any() || File.Exists(Path.Combine(folder.FullName, ConfigFile)));

    private static IEnumerable<VersionFolderEntry> Versions(DirectoryInfo folder) =>
        from sub in folder.EnumerateDirectories("*", Readable)
        where sub.Name[0] is >= '1' and <= '9' && int.TryParse(sub.Name, NumberStyles.None, CultureInfo.InvariantCulture, out _)
        let number = int.Parse(sub.Name, CultureInfo.InvariantCulture)
        orderby number
        select new VersionFolderEntry(number, sub.FullName, sub.LinkTarget is not null);
}

/// <param name="Errors">What is wrong with the model as a whole; then none of its versions is loaded.</param>
/// <param name="KeptOut">An error that stops only the versions that are too many; null when none is.</param>
internal sealed record ModelFolder(string Name, string Path, IReadOnlyList<VersionFolderEntry> Versions, IReadOnlyList<string> Errors, string? KeptOut)
{
    /// <summary>Numbers that a plain root has and a published version takes.</summary>
    public IReadOnlyList<int> Shadowed { get; init; } = [];

    public VersionFolderEntry? Find(int version) => Versions.FirstOrDefault(v => v.Number == version);
}

internal sealed record VersionFolderEntry(int Number, string Path, bool IsLink)
{
    /// <summary>It lies in the bundle store's root.</summary>
    public bool IsManaged { get; init; }

    /// <summary>Why it must not be loaded; null: it may.</summary>
    public string? WhyNot { get; init; }
}
