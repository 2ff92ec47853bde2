using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Inference.Repository;

/// <summary>What a start found.</summary>
/// <param name="Loaded">Every variant that is ready, by its key.</param>
/// <param name="Broken">Every model with something that could not be served, by name, with all its errors one a line. A model can be in both.</param>
public sealed record RepositorySummary(IReadOnlyList<LoadedVariant> Loaded, IReadOnlyList<BrokenModel> Broken);

public sealed record BrokenModel(string Model, string Reason);
