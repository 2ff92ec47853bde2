using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Inference.Repository;

/// <summary>Picks the variant of a version that is loaded here: its index in the manifest's list, or -1 for none, and the version is known without being held.</summary>
public delegate int ChooseVariant(ModelVersionKey version, IReadOnlyList<VariantConfig> variants);

internal static class VariantChoices
{
    public static ChooseVariant FirstOf(Zone zone) => (_, variants) => variants.ToList().FindIndex(v => v.Zones.Contains(zone));
}
