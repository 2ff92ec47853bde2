namespace OrleansHybrid.Domain.Routing.Fit;

/// <summary>Where the feature belongs, and what follows from it.</summary>
/// <param name="Placement"><c>device</c>, <c>edge</c>, <c>cloud</c>, <c>hybrid</c> (answers that are unsure are asked again in a zone above) or <c>none</c>.</param>
/// <param name="First">The zone that the router chooses first under the draft; null for none.</param>
/// <param name="EntersIn">Where the app sends its requests.</param>
/// <param name="Escalation">Zones that unsure answers go to.</param>
/// <param name="Fallback">Zones that answer when the first cannot, in order.</param>
/// <param name="Reasons">One sentence each: what removed a zone, and why the first one is first.</param>
/// <param name="FallbackPath">What happens when the first zone cannot answer.</param>
/// <param name="Open">Questions without an answer in a zone that is left, as <c>row (zones)</c>.</param>
public sealed record FitVerdict(
    string Placement,
    Zone? First,
    Zone? EntersIn,
    IReadOnlyList<Zone> Escalation,
    IReadOnlyList<Zone> Fallback,
    IReadOnlyList<string> Reasons,
    string FallbackPath,
    FitMetric FirstMetric,
    string UpdateRisk,
    IReadOnlyList<string> Open)
{
    public const string Hybrid = "hybrid";

    public const string None = "none";
}

/// <summary>The figure to watch first, by the name under which the product exports it.</summary>
/// <param name="Query">PromQL.</param>
public sealed record FitMetric(string Name, string Query, string Meaning);
