using System.Text;
using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Domain.Routing;

/// <summary>Turns a plan's codes into what people and programs read: the compact reason of every answer, and the explained plan. Pure.</summary>
public static class PlanRenderer
{
    /// <summary>Said in place of the plan that was asked for.</summary>
    private const string ExplainShed = ";shed=explain";

    private static readonly string[] Kinds = ["none", "chosen", "escalation", "fallback", "excluded"];
    private static readonly string[] Whens = ["first", "unsure", "failed"];

    public static string WireName(this ZoneVerdictKind kind) => Kinds[(int)kind];

    public static string WireName(this AttemptWhen when) => Whens[(int)when];

    /// <summary>A verdict and rule per zone, for example <c>edge=chosen:R12;cloud=excluded:ceiling</c>. Rendered once per policy and outcome, since it is in every answer.</summary>
    public static string Reason(RoutePlan plan)
    {
        var text = Verdicts(plan);
        return (plan.Shed & ShedKinds.Explain) == 0 ? text : text + ExplainShed;
    }

    private static string Verdicts(RoutePlan plan)
    {
        var reasons = plan.Snapshot.Inputs.Policy.Reasons;
        var key = Key(plan);
        if (reasons.TryGetValue(key, out var known)) return known;
        var text = Compact(plan);
        if (reasons.Count < Limits.ReasonsKeptMax) reasons[key] = text;
        return text;
    }

    /// <summary>The explained plan, form <c>plan_version</c> 1.</summary>
    /// <param name="inputs">The request's tensors where it has any: their names, types and shapes are shown, never a value.</param>
    public static string Json(RoutePlan plan, IReadOnlyList<TensorSpec>? inputs = null) => PlanJson.Write(plan, inputs ?? []);

    /// <summary>The failure of a plan without attempts: what stands in the way and what to do.</summary>
    public static InferenceFailure Refusal(RoutePlan plan) => RefusalRules.Describe(plan);

    /// <summary>Nineteen bits a zone: three of verdict, sixteen of rule.</summary>
    private static ulong Key(RoutePlan plan)
    {
        ulong key = 0;
        for (var zone = Zone.Device; zone <= Zone.Cloud; zone++)
        {
            var verdict = plan.Verdict(zone);
            key = (key << 19) | ((ulong)verdict.Kind << 16) | (ushort)verdict.Rule.Value;
        }

        return key;
    }

    private static string Compact(RoutePlan plan)
    {
        var text = new StringBuilder();
        for (var zone = Zone.Device; zone <= Zone.Cloud; zone++)
        {
            var verdict = plan.Verdict(zone);
            if (verdict.Kind == ZoneVerdictKind.None) continue;
            if (text.Length > 0) text.Append(';');
            text.Append(zone.WireName()).Append('=').Append(verdict.Kind.WireName()).Append(':').Append(plan.Snapshot.Inputs.Policy.IdOf(verdict.Rule));
        }

        return text.ToString();
    }
}
