using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Privacy;

namespace OrleansHybrid.Domain.Routing;

/// <summary>Decides where a request is answered: signals, then eligibility, then the order, then the attempts. Pure; allocates the plan alone.</summary>
/// <remarks>
/// Rules kept here and in the parts it calls:
/// <list type="bullet">
/// <item>Settings first (<see cref="PolicyEvaluator"/>), then hard rules and feasibility for each zone (<see cref="ZoneJudge"/>), then the order (<see cref="PlanOrder"/>).</item>
/// <item>A version that is not ready here, but held by a peer, is the peer's to answer; a request that came from a peer is answered here or not at all.</item>
/// <item>A version that is not in the catalogue has the ceiling <c>device</c> and no attempts.</item>
/// <item>Only the deciding zone and those above are judged: links dial up, so nothing below can be reached.</item>
/// <item>The same request, snapshot and time give the same plan; an explanation is that plan.</item>
/// </list>
/// </remarks>
public static class RoutePlanner
{
    public static RoutePlan Plan(in PlanRequest request, ZoneSnapshot snapshot, DateTimeOffset now)
    {
        var plan = new RoutePlan(request, snapshot, now);
        if (FindVersion(plan) is not { } version)
        {
            plan.Effective.Ceiling = PrivacyCeiling.Device;
            return plan;
        }

        plan.Chosen = version;
        if (snapshot.Shed.Kinds != ShedKinds.None) plan.Shed = ShedOf(request, snapshot.Shed);
        PolicyEvaluator.Evaluate(request, version, snapshot, out plan.Effective);
        var hops = HopState.Of(request, snapshot.Inputs.Cell);
        var zones = default(ZoneChoices);
        for (var zone = snapshot.Inputs.Zone; zone <= Zone.Cloud; zone++) ZoneJudge.Judge(plan, version, zone, hops, now, out zones[(int)zone]);
        PlanOrder.Arrange(plan, ref zones);
        if (plan.AttemptCount == 0) plan.Refusal = RefusalRules.CodeOf(plan);
        return plan;
    }

    private static ShedKinds ShedOf(in PlanRequest request, ShedSet shed)
    {
        var tenant = shed.ShedsTenant(request.Caller.Tenant) ? ShedKinds.Tenant : ShedKinds.None;
        return request.Parameters.Explain ? tenant | (shed.Kinds & ShedKinds.Explain) : tenant;
    }

    private static VersionIndex? FindVersion(RoutePlan plan)
    {
        var model = plan.Snapshot.Find(plan.Request.Model);
        if (model is null)
        {
            plan.Refusal = FailureCode.ModelNotFound;
            return null;
        }

        var version = model.Default;
        if (plan.Request.Version is { } wanted && !model.Versions.TryGetValue(wanted, out version))
        {
            plan.Refusal = FailureCode.VersionNotFound;
            return null;
        }

        if (version is { IsAnswerable: true } && (version.Entry.State == VersionState.Ready || !HopState.Of(plan.Request, plan.Snapshot.Inputs.Cell).FromPeer)) return version;
        plan.Refusal = FailureCode.ModelNotReady;
        return null;
    }
}
