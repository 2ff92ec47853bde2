using System.Diagnostics;

namespace OrleansHybrid.Domain.Routing;

/// <summary>The spans of a request's way: <c>route</c> around it all, <c>classify</c> for a version's classifier, <c>run</c> for the engine here, <c>upstream</c> for a peer or the cell above. Free when nobody listens.</summary>
public static class RoutingActivity
{
    public const string SourceName = "OrleansHybrid";

    private static readonly ActivitySource Source = new(SourceName);

    internal static Activity? Route(InferenceRequest request, ZoneSnapshot snapshot)
    {
        if (!Source.HasListeners()) return null;
        ActivityContext.TryParse(request.Caller.TraceParent, null, isRemote: true, out var parent);
        return Start("route", ActivityKind.Internal, parent, snapshot)?.SetTag("model", request.Model);
    }

    internal static Activity? Classify(RoutePlan plan) =>
        Source.HasListeners() ? Start("classify", ActivityKind.Internal, default, plan.Snapshot)?.SetTag("model", plan.Request.Model) : null;

    internal static Activity? Attempt(PlannedAttempt attempt, ZoneSnapshot snapshot)
    {
        if (!Source.HasListeners()) return null;
        var here = attempt.Candidate.Target == AttemptTarget.Here;
        return Start(here ? "run" : "upstream", here ? ActivityKind.Internal : ActivityKind.Client, default, snapshot)
            ?.SetTag("zone", attempt.Candidate.Zone.WireName())
            .SetTag("variant", attempt.Candidate.Variant.Variant)
            .SetTag("when", attempt.When.WireName());
    }

    internal static void End(Activity? span, InferenceFailure? failure, string? reason = null)
    {
        if (span is null) return;
        if (reason is not null) span.SetTag("reason", reason);
        if (failure is not null) span.SetStatus(ActivityStatusCode.Error, failure.Code.ToString());
        span.Dispose();
    }

    private static Activity? Start(string name, ActivityKind kind, ActivityContext parent, ZoneSnapshot snapshot) =>
        Source.StartActivity(name, kind, parent)?.SetTag("cell", snapshot.Inputs.Cell);
}
