using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Domain.Routing;

/// <summary>A request that is only planned: <c>POST /v1/routes:explain</c>.</summary>
/// <param name="Signals">Signals to assume, for example <c>hard</c>: 0.9.</param>
/// <param name="Assume">A state to assume, for example <c>cloud</c>: <c>down</c> or <c>battery_percent</c>: <c>10</c>. Unknown keys are refused.</param>
/// <param name="Inputs">The tensors that the request would carry, where they are known: shown among the signals.</param>
[GenerateSerializer, Immutable, Alias("hybrid.explain-request")]
public sealed record ExplainRequest(
    [property: Id(0)] string Model,
    [property: Id(1)] int? Version,
    [property: Id(2)] RouteParameters Parameters,
    [property: Id(3)] Caller Caller,
    [property: Id(4)] long InputBytes,
    [property: Id(5)] IReadOnlyDictionary<string, double> Signals,
    [property: Id(6)] IReadOnlyDictionary<string, string> Assume,
    [property: Id(7)] IReadOnlyList<TensorSpec>? Inputs = null);

/// <param name="PlanJson">The plan in the form of <c>plan_version</c> 1; null on failure.</param>
[GenerateSerializer, Immutable, Alias("hybrid.explain-result")]
public sealed record ExplainResult([property: Id(0)] string? PlanJson, [property: Id(1)] InferenceFailure? Failure);
