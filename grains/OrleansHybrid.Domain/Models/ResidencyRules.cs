namespace OrleansHybrid.Domain.Models;

/// <summary>One variant in memory, as far as it matters for what has to leave.</summary>
/// <param name="Bytes">What it counts for.</param>
/// <param name="LastUsed">When its last run ended, or when it was loaded, in ticks of one steady clock.</param>
/// <param name="Removable">Nothing of it runs, and it can be loaded again.</param>
public readonly record struct ResidentVariant(VariantKey Key, long Bytes, long LastUsed, bool Removable);

/// <summary>Which loaded variants leave the memory. Pure.</summary>
/// <remarks>
/// Rules kept here:
/// <list type="bullet">
/// <item>What runs stays; what cannot be loaded again stays.</item>
/// <item>The one whose last use is longest ago leaves first; one that turned out needless, since a larger one left after it, stays.</item>
/// <item>Nothing leaves in vain: when there is no room even without all that may leave, none does.</item>
/// </list>
/// </remarks>
public static class ResidencyRules
{
    /// <summary>What a variant without declared memory counts for, in sizes of its file: its weights, and about as much for the arrangement that the session makes of them.</summary>
    public const int FileFactor = 2;

    public static long BytesOf(long declaredBytes, long fileBytes) => declaredBytes > 0 ? declaredBytes : fileBytes * FileFactor;

    /// <summary>Who has to leave for <paramref name="bytes"/> more under the budget, in the order of leaving; null when that makes no room.</summary>
    public static IReadOnlyList<VariantKey>? ChooseVictims(IReadOnlyCollection<ResidentVariant> held, long bytes, long budgetBytes)
    {
        var over = held.Sum(v => v.Bytes) + bytes - budgetBytes;
        if (over <= 0) return [];
        var leaving = new List<ResidentVariant>();
        foreach (var variant in held.Where(v => v.Removable && v.Bytes > 0).OrderBy(v => v.LastUsed).ThenBy(v => v.Key.ToString(), StringComparer.Ordinal))
        {
            leaving.Add(variant);
            over -= variant.Bytes;
            if (over <= 0) break;
        }

        return over > 0 ? null : Spare(leaving, -over);
    }

    /// <summary>Who was not used for so long that it leaves without need, in the order of leaving.</summary>
    public static IReadOnlyList<VariantKey> ChooseIdle(IEnumerable<ResidentVariant> held, long usedBefore) =>
        [.. held.Where(v => v.Removable && v.LastUsed <= usedBefore).OrderBy(v => v.LastUsed).Select(v => v.Key)];

    /// <summary>The most recently used are spared first.</summary>
    private static List<VariantKey> Spare(List<ResidentVariant> leaving, long spareBytes)
    {
        for (var i = leaving.Count - 1; i >= 0; i--)
        {
            if (leaving[i].Bytes > spareBytes) continue;
            spareBytes -= leaving[i].Bytes;
            leaving.RemoveAt(i);
        }

        return leaving.ConvertAll(v => v.Key);
    }
}
