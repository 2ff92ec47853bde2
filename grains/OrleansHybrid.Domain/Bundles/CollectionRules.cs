using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Domain.Bundles;

/// <summary>Which versions and files a place removes. Pure: the caller lists, and removes what comes back.</summary>
/// <remarks>
/// Rules kept here:
/// <list type="bullet">
/// <item>What is desired or was last good is never removed, whatever its age and size.</item>
/// <item>A version that nobody wanted for longer than its age goes. A file that no version here needs goes after its own age.</item>
/// <item>Over the bytes: files that no version needs first, then versions, each the one longest unwanted first, until it fits.</item>
/// <item>A time in the future counts as now: a clock that went back never removes anything early.</item>
/// </list>
/// </remarks>
public static class CollectionRules
{
    /// <param name="bytesMax">For all files together.</param>
    /// <param name="versionAgeMax">Since a version was last wanted.</param>
    /// <param name="fileAgeMax">Since a file was last wanted, for files that no version needs.</param>
    public static CollectionChoice Choose(CollectionInventory inventory, CollectionKeep keep, long bytesMax, TimeSpan versionAgeMax, TimeSpan fileAgeMax, DateTimeOffset now)
    {
        var versions = inventory.Versions.Where(v => keep.Versions.Contains(v.Version) || now - v.WantedAt <= versionAgeMax).ToList();
        var files = inventory.Files.Where(f => IsNeeded(f, versions, keep) || now - f.WantedAt <= fileAgeMax).ToList();
        while (files.Sum(f => f.Bytes) > bytesMax)
        {
            if (files.Where(f => !IsNeeded(f, versions, keep)).MinBy(f => f.WantedAt) is { } spare) files.Remove(spare);
            else if (versions.Where(v => !keep.Versions.Contains(v.Version)).MinBy(v => v.WantedAt) is { } oldest) versions.Remove(oldest);
            else break; // Everything that is left is wanted.
        }

        return new CollectionChoice([.. inventory.Versions.Except(versions)], [.. inventory.Files.Except(files)]);
    }

    private static bool IsNeeded(KeptFile file, List<KeptVersion> versions, CollectionKeep keep) =>
        keep.Digests.Contains(file.Digest) || versions.Any(v => v.Digests.Contains(file.Digest));
}

/// <summary>What lies on disk.</summary>
public sealed record CollectionInventory(IReadOnlyList<KeptVersion> Versions, IReadOnlyList<KeptFile> Files);

/// <param name="Digests">Of the files it was made of.</param>
/// <param name="WantedAt">When it was last in somebody's keep.</param>
public sealed record KeptVersion(ModelVersionKey Version, IReadOnlySet<string> Digests, DateTimeOffset WantedAt);

public sealed record KeptFile(string Digest, long Bytes, DateTimeOffset WantedAt);

/// <summary>What must stay.</summary>
/// <param name="Versions">Desired, and last good.</param>
/// <param name="Digests">Files that others will ask this place for, besides those of its own versions.</param>
public sealed record CollectionKeep(IReadOnlySet<ModelVersionKey> Versions, IReadOnlySet<string> Digests);

public sealed record CollectionChoice(IReadOnlyList<KeptVersion> Versions, IReadOnlyList<KeptFile> Files);
