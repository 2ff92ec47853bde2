namespace OrleansHybrid.Domain.Routing;

/// <summary>What goes to the next hop: the effective ceiling, the chosen version, the floor, what is left of deadline and cost; never the mode, and no private tag out of the zone.</summary>
internal static class UpstreamRequests
{
    public static UpstreamRequest Make(InferenceRequest request, RoutePlan plan, Candidate to, IReadOnlyList<string> outputs, TimeSpan budget, double spentMicrousd)
    {
        ref readonly var settings = ref plan.Settings;
        var inputs = plan.Snapshot.Inputs;
        var sameZone = to.Target == AttemptTarget.Peer;
        return new UpstreamRequest(
            request.Id,
            request.Model,
            plan.Version,
            request.Inputs,
            outputs,
            settings.Ceiling,
            inputs.Policy.IdOf(settings.CeilingRule.Or(BuiltInRule.Ceiling)),
            plan.Chosen!.Manifest?.Confidence is null ? null : settings.Floor,
            double.IsFinite(settings.MaxCostMicrousd) ? (long)Math.Max(0, settings.MaxCostMicrousd - spentMicrousd) : null,
            sameZone ? request.Parameters.Tags : PublicTags(request.Parameters.Tags, inputs.Policy.PrivateTags),
            request.Caller.Hops.Count == 0 ? plan.Snapshot.HopsOut : [.. request.Caller.Hops, inputs.Cell],
            request.Caller.Tenant,
            budget,
            sameZone,
            request.Priority);
    }

    private static IReadOnlyDictionary<string, string> PublicTags(IReadOnlyDictionary<string, string> tags, IReadOnlyList<string> privateNames)
    {
        if (tags.Count == 0 || !privateNames.Any(tags.ContainsKey)) return tags;
        return tags.Where(tag => !privateNames.Contains(tag.Key)).ToDictionary();
    }
}
