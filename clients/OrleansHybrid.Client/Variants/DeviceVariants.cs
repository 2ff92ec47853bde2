using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Client;

/// <summary>Picks the variant of each version for this machine: the first in the manifest's order (best first) that lists the device, fits in memory and was not found too slow here.</summary>
/// <remarks>Memory is what the variants picked so far declare; what a manifest does not declare counts as nothing. When none fits the version is known and answered above.</remarks>
internal sealed class DeviceVariants(long memoryBytes, Action<string> note)
{
    private readonly Dictionary<ModelVersionKey, long> taken = [];
    private readonly HashSet<VariantKey> slow = [];
    private readonly Lock gate = new();

    /// <summary>What is left for models, by what they declare.</summary>
    public long FreeBytes
    {
        get { lock (gate) return Math.Max(1, memoryBytes - taken.Values.Sum()); }
    }

    public int Choose(ModelVersionKey version, IReadOnlyList<VariantConfig> variants)
    {
        lock (gate)
        {
            taken.Remove(version);
            var free = memoryBytes - taken.Values.Sum();
            var passed = new List<string>();
            for (var i = 0; i < variants.Count; i++)
            {
                if (!variants[i].Zones.Contains(Zone.Device)) continue;
                if (WhyNot(version, variants[i], free) is { } reason) passed.Add(reason);
                else return Take(version, variants[i], i, free, passed);
            }

            if (passed.Count > 0) note($"{version}: no variant runs here: {string.Join("; ", passed)}. It can be answered above.");
            return -1;
        }
    }

    /// <summary>Of a version that a bundle store fetched: the variant whose file is here, which was chosen for this machine before the fetch. Another would have nothing to load.</summary>
    public int ChooseHeld(ModelVersionKey version, IReadOnlyList<VariantConfig> variants, Func<ModelVersionKey, string, bool> holds)
    {
        lock (gate)
        {
            taken.Remove(version);
            for (var i = 0; i < variants.Count; i++)
            {
                if (variants[i] is not { File: { } file } variant || !variant.Zones.Contains(Zone.Device) || !holds(version, file)) continue;
                taken[version] = Bytes(variant.MemoryMib ?? 0);
                return i;
            }

            return -1;
        }
    }

    /// <summary>From now on the variant is passed over. False when its version has no other that might do.</summary>
    public bool RuleOut(VariantKey variant, IReadOnlyList<VariantManifest> variants)
    {
        lock (gate)
        {
            var free = memoryBytes - taken.Where(t => t.Key != variant.ModelVersion).Sum(t => t.Value);
            var others = variants.Where(v => v.Name != variant.Variant && v.Zones.Contains(Zone.Device) && Bytes(v.MemoryMib) <= free);
            if (others.All(v => slow.Contains(variant with { Variant = v.Name }))) return false;
            slow.Add(variant);
            return true;
        }
    }

    private string? WhyNot(ModelVersionKey version, VariantConfig variant, long free)
    {
        if (slow.Contains(new VariantKey(version.Model, version.Version, variant.Name!))) return $"{variant.Name} was too slow here";
        var needs = Bytes(variant.MemoryMib ?? 0);
        return needs <= free ? null : FormattableString.Invariant($"{variant.Name} declares {variant.MemoryMib:0.#} MiB and {Math.Max(0, free) >> 20} MiB are free");
    }

    private int Take(ModelVersionKey version, VariantConfig variant, int index, long free, List<string> passed)
    {
        taken[version] = Bytes(variant.MemoryMib ?? 0);
        var why = passed.Count == 0 ? "the best for a device" : $"since {string.Join("; ", passed)}";
        var memory = variant.MemoryMib is > 0 and var mib ? FormattableString.Invariant($"{mib:0.#} MiB declared, {free >> 20} MiB free") : "no memory declared";
        note($"{version} runs {variant.Name} here, {why} ({memory}).");
        return index;
    }

    private static long Bytes(double mib) => (long)(mib * (1 << 20));
}
