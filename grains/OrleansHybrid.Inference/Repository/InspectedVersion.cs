using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Inference.Repository;

/// <summary>A whole version as it was read from its folder, every variant of it.</summary>
/// <param name="Manifest">Null when there are errors.</param>
/// <param name="Variants">In the manifest's order.</param>
/// <param name="Shared">Names of the files that are no variant's: every place needs them. Ascending.</param>
/// <param name="Errors">Everything that keeps it from being served in some zone, each a sentence.</param>
public sealed record InspectedVersion(ModelManifest? Manifest, IReadOnlyList<InspectedVariant> Variants, IReadOnlyList<string> Shared, IReadOnlyList<string> Errors);

/// <param name="Files">Its graph and the files of its weights, by name below the version's folder.</param>
public sealed record InspectedVariant(VariantManifest Variant, IReadOnlyList<string> Files);
