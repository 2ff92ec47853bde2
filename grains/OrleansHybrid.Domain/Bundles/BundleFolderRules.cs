namespace OrleansHybrid.Domain.Bundles;

/// <summary>Whether files are those of a verified statement. Pure: the caller lists and hashes.</summary>
public static class BundleFolderRules
{
    /// <summary>A folder whole, as at a push: every listed file is there with its digest, and nothing else is.</summary>
    /// <param name="found">Every regular file below the folder, those that <see cref="BundleNames.IsNeverSigned"/> left out, by its name, with its digest.</param>
    public static BundleProblem? CheckWhole(BundleStatement statement, IReadOnlyDictionary<string, string> found) =>
        CheckPart(statement, found, [.. statement.Files.Select(f => f.Name)]);

    /// <summary>A part, as on a node that holds one variant: nothing that is not listed, what is there is unaltered, and what is needed is there.</summary>
    /// <param name="needed">Names that must be there.</param>
    public static BundleProblem? CheckPart(BundleStatement statement, IReadOnlyDictionary<string, string> found, IReadOnlyCollection<string> needed)
    {
        var ignored = statement.IgnorePaths.ToHashSet(StringComparer.Ordinal);
        var listed = statement.Files.ToDictionary(f => f.Name, f => f.Digest, StringComparer.Ordinal);
        foreach (var (name, digest) in found.OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            if (!listed.TryGetValue(name, out var expected))
            {
                if (BundleNames.IsUnder(name, ignored)) continue;
                return new BundleProblem(BundleRefusal.ExtraFile, $"'{BundleNames.Show(name)}' is not in the signature. Remove it, or sign the version again with it.");
            }

            if (digest != expected) return new BundleProblem(BundleRefusal.AlteredFile, $"'{BundleNames.Show(name)}' is not the file that was signed ({Short(expected)} was, {Short(digest)} came). Put the signed file back, or sign the version again.");
        }

        var missing = needed.FirstOrDefault(name => !found.ContainsKey(name));
        return missing is null ? null : new BundleProblem(BundleRefusal.MissingFile, $"'{missing}' is in the signature and not in the folder. Put it back, or sign the version again without it.");
    }

    private static string Short(string digest) => digest[..Math.Min(digest.Length, 19)];
}
