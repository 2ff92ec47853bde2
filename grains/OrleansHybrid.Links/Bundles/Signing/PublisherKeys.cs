using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Bundles;

namespace OrleansHybrid.Links.Bundles.Signing;

/// <summary>Reads the public keys of trusted publishers: one PEM file each, <c>*.pub</c> or <c>*.pem</c>.</summary>
public static class PublisherKeys
{
    /// <summary>All of a folder, by file name; none when there is no such folder. A file that is no public key refuses them all: a typing error must not take trust away unseen.</summary>
    public static IReadOnlyList<PublisherKey>? ReadFolder(string folder, out BundleProblem? problem)
    {
        problem = null;
        var keys = new List<PublisherKey>();
        if (!Directory.Exists(folder)) return keys;
        foreach (var file in Directory.EnumerateFiles(folder).Where(IsKeyFile).Order(StringComparer.Ordinal))
        {
            if (ReadFile(file, out problem) is not { } key) return null;
            keys.Add(key);
        }

        if (keys.Count <= Limits.PublisherKeysMax) return keys;
        problem = new BundleProblem(BundleRefusal.TooLarge, $"'{folder}' holds {keys.Count} public keys; {Limits.PublisherKeysMax} are the most. Remove those of publishers that are not trusted any more.");
        return null;
    }

    /// <summary>Null when the file holds no public key; then <paramref name="problem"/> says why.</summary>
    public static PublisherKey? ReadFile(string path, out BundleProblem? problem)
    {
        if (new FileInfo(path).Length <= Limits.KeyFileBytesMax) return PublisherKey.Read(path, File.ReadAllText(path), out problem);
        problem = new BundleProblem(BundleRefusal.UnusableKey, $"'{path}' is larger than {Limits.KeyFileBytesMax} bytes, so it is no public key. Remove it from there.");
        return null;
    }

    private static bool IsKeyFile(string path) => Path.GetExtension(path) is PublisherKeyFile.PublicSuffix or ".pem";
}
