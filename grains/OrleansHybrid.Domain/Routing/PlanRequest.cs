namespace OrleansHybrid.Domain.Routing;

/// <summary>What a plan depends on; never the tensors themselves.</summary>
/// <param name="Version">Null: the model's default.</param>
/// <param name="InputBytes">Bytes of raw tensor data.</param>
public readonly record struct PlanRequest(string Model, int? Version, RouteParameters Parameters, Caller Caller, long InputBytes, TimeSpan Deadline, RequestSignals Signals = default)
{
    public PlanRequest(InferenceRequest request, RequestSignals signals = default)
        : this(request.Model, request.Version, request.Parameters, request.Caller, request.InputBytes, Shorter(request.Timeout), signals) { }

    public PlanRequest(ExplainRequest request, RequestSignals signals)
        : this(request.Model, request.Version, request.Parameters, request.Caller, request.InputBytes, Limits.DeadlineMax, signals) { }

    private static TimeSpan Shorter(TimeSpan? timeout) => timeout is { } own && own < Limits.DeadlineMax ? own : Limits.DeadlineMax;
}
