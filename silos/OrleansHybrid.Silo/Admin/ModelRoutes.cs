using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Privacy;

namespace OrleansHybrid.Silo.Admin;

/// <summary><c>GET /v1/models</c>: what this silo's repository holds, broken versions and their errors included.</summary>
internal static class ModelRoutes
{
    public static void MapModels(this IEndpointRouteBuilder admin) =>
        admin.MapGet("/models", (IModelRepository repository) => repository.State.Models.Values.OrderBy(m => m.Name, StringComparer.Ordinal).Select(ModelView.Of))
            .WithName("ListModels").WithSummary("The models of this silo's repository with their versions and variants.");
}

internal sealed record ModelView(string Model, string VersionPolicy, int? DefaultVersion, IEnumerable<ModelVersionView> Versions)
{
    public static ModelView Of(ModelEntry entry) => new(
        entry.Name,
        entry.Policy.Kind.ToString().ToLowerInvariant(),
        entry.Default?.Version,
        entry.Versions.Select(ModelVersionView.Of));
}

/// <param name="Reason">Why it is not ready, one error a line; empty when ready.</param>
/// <param name="Signature"><c>none</c>, <c>unverified</c> (no publisher is trusted here) or <c>verified</c>.</param>
/// <param name="SignedBy">The publisher's key id; null unless verified.</param>
/// <param name="Bundle">The signed root digest; null unless verified.</param>
/// <param name="Floor">Answers under it are escalated; null when the version states none.</param>
internal sealed record ModelVersionView(
    int Version, string State, string Reason, string? Description, string? Licence, string? Digest, string? Privacy, double? Floor, string Signature, string? SignedBy, string? Bundle, IEnumerable<VariantView> Variants, ClassifierView? Classifier)
{
    public static ModelVersionView Of(VersionEntry entry) => new(
        entry.Version,
        entry.State.ToString().ToLowerInvariant(),
        entry.Reason,
        entry.Manifest?.Description,
        entry.Manifest?.Licence,
        entry.Manifest?.Digest,
        entry.Manifest?.Privacy.WireName(),
        entry.Manifest?.Confidence?.Floor,
        entry.Signature.State.ToString().ToLowerInvariant(),
        entry.Signature.KeyId,
        entry.Signature.Bundle,
        entry.Manifest?.Variants.Select(v => VariantView.Of(v, entry)) ?? [],
        entry.Manifest?.Classifier is { } classifier ? new ClassifierView(classifier.Threshold, entry.Classifier is not null, classifier.FileBytes, classifier.Digest) : null);
}

/// <param name="Loaded">This silo's engine holds it.</param>
internal sealed record VariantView(string Variant, IEnumerable<string> Zones, bool Loaded, double MemoryMib, double LatencyMs, long FileBytes, string Digest)
{
    public static VariantView Of(VariantManifest variant, VersionEntry entry) => new(
        variant.Name,
        variant.Zones.Select(z => z.WireName()),
        entry.Loaded.Any(l => l.Key.Variant == variant.Name),
        variant.MemoryMib,
        variant.LatencyMs,
        variant.FileBytes,
        variant.Digest);
}

/// <param name="Threshold">From this verdict on the input counts as hard.</param>
/// <param name="Loaded">This silo's engine holds it; the cloud's never does.</param>
internal sealed record ClassifierView(double Threshold, bool Loaded, long FileBytes, string Digest);
