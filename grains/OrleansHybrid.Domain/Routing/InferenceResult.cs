using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Domain.Routing;

/// <summary>An answer or a failure: exactly one of the two is set.</summary>
[GenerateSerializer, Immutable, Alias("hybrid.infer-result")]
public sealed record InferenceResult([property: Id(0)] InferenceResponse? Response, [property: Id(1)] InferenceFailure? Failure)
{
    public static InferenceResult Of(InferenceResponse response) => new(response, null);

    public static InferenceResult Of(InferenceFailure failure) => new(null, failure);
}

/// <summary>An answer with where it came from and why.</summary>
/// <param name="Label">The first row's class name; null when the version states no labels.</param>
/// <param name="Confidence">The lowest of the rows, in [0, 1]; null when the version states no rule.</param>
/// <param name="Escalated">A lower zone answered below the floor and this answer is from above.</param>
/// <param name="Degraded">The zone the plan wanted could not answer; this is the fallback.</param>
/// <param name="Reason">Compact: a verdict and rule per zone, for example <c>edge=chosen:R12;cloud=excluded:ceiling</c>.</param>
/// <param name="Plan">The explained plan as JSON when the request asked for it, else null.</param>
[GenerateSerializer, Immutable, Alias("hybrid.infer-response")]
public sealed record InferenceResponse(
    [property: Id(0)] IReadOnlyList<Tensor> Outputs,
    [property: Id(1)] Provenance Provenance,
    [property: Id(2)] string? Label,
    [property: Id(3)] double? Confidence,
    [property: Id(4)] bool Escalated,
    [property: Id(5)] bool Degraded,
    [property: Id(6)] string Reason,
    [property: Id(7)] string? Plan,
    [property: Id(8)] RequestTimes Times);

/// <summary>The zone, cell, node, model, version, variant, digest and policy revision behind an answer.</summary>
[GenerateSerializer, Immutable, Alias("hybrid.provenance")]
public sealed record Provenance(
    [property: Id(0)] Zone Zone,
    [property: Id(1)] string Cell,
    [property: Id(2)] string Node,
    [property: Id(3)] string Model,
    [property: Id(4)] int Version,
    [property: Id(5)] string Variant,
    [property: Id(6)] string Digest,
    [property: Id(7)] long PolicyRevision);

/// <summary>Where an answer's time went, for the Server-Timing header. Zero: that stage was not passed.</summary>
/// <param name="Here">Compute time in this zone.</param>
/// <param name="Link">Round trip of the link less <paramref name="Above"/>.</param>
/// <param name="Above">Time the zone above reported for itself.</param>
[GenerateSerializer, Immutable, Alias("hybrid.request-times")]
public readonly record struct RequestTimes(
    [property: Id(0)] TimeSpan Route,
    [property: Id(1)] TimeSpan Queue,
    [property: Id(2)] TimeSpan Here,
    [property: Id(3)] TimeSpan Link,
    [property: Id(4)] TimeSpan Above);
