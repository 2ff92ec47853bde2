namespace OrleansHybrid.Domain.Routing;

/// <summary>What a plan depends on; never the tensors themselves.</summary>
/// <param name="Version">Null: the model's default.</param>
/// <param name="InputBytes">Bytes of raw tensor data.</param>
/// <param name="Hard">A signal in [0, 1] that the input is hard; 0 without one.</param>
public readonly record struct PlanRequest(string Model, int? Version, RouteParameters Parameters, Caller Caller, long InputBytes, TimeSpan Deadline, double Hard = 0)
{
    public PlanRequest(InferenceRequest request)
        : this(request.Model, request.Version, request.Parameters, request.Caller, request.InputBytes, Shorter(request.Timeout)) { }

    public PlanRequest(ExplainRequest request, double hard)
        : this(request.Model, request.Version, request.Parameters, request.Caller, request.InputBytes, Limits.DeadlineMax, hard) { }

    private static TimeSpan Shorter(TimeSpan? timeout) => timeout is { } own && own < Limits.DeadlineMax ? own : Limits.DeadlineMax;
}
