using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Domain.Routing;

/// <summary>Plans recorded decisions again, under the policy of then or a draft. Pure.</summary>
/// <remarks>
/// Rules kept here:
/// <list type="bullet">
/// <item>Under the policy that was in force, a record gives the plan that was followed: reason, attempts, verdicts and settings.</item>
/// <item>What the record does not hold is never guessed: a rule that could match a withheld tag, a version that is gone or has other files is a named reason, and counted.</item>
/// <item>A place that was tried answers as it did, held against the draft's floor; a place that was not is taken to answer surely, at its predicted latency and cost.</item>
/// </list>
/// </remarks>
public static class DecisionReplay
{
    /// <summary>The plan of the record under the policy, or why there is none.</summary>
    public static (RoutePlan? Plan, NotReplayed? Why) Plan(DecisionRecord record, CompiledPolicy policy, RepositoryState catalogue)
    {
        if (MayHangOnWithheldTags(record, policy)) return (null, NotReplayed.WithheldTags);
        if (FindManifest(record, catalogue, out var manifest) is { } why) return (null, why);
        var plan = RoutePlanner.Plan(DecisionSnapshot.Request(record.Ask), DecisionSnapshot.Rebuild(record, policy, manifest), record.At);
        return (plan, null);
    }

    /// <param name="records">In any order; examples are shown in this one.</param>
    /// <param name="catalogue">The versions there are now.</param>
    public static ReplayReport Run(IEnumerable<DecisionRecord> records, CompiledPolicy policy, RepositoryState catalogue, int examples)
    {
        var tally = new ReplayTally(policy, Math.Clamp(examples, 0, Limits.ReplayExamplesMax));
        foreach (var record in records)
        {
            var (plan, why) = Plan(record, policy, catalogue);
            if (plan is null) tally.Skip(why!.Value);
            else tally.Add(record, ReplayWalk.Recorded(record), ReplayWalk.Expected(plan, record), plan);
        }

        return tally.Report();
    }

    /// <summary>A request that found no version never saw a rule.</summary>
    private static bool MayHangOnWithheldTags(DecisionRecord record, CompiledPolicy policy) =>
        record.Ask.WithheldTags > 0 && record.Plan.Version != 0
        && policy.RulesFor(record.Ask.Model).Any(rule => rule.TagNames.Any(name => !record.Ask.Tags.ContainsKey(name)));

    private static NotReplayed? FindManifest(DecisionRecord record, RepositoryState catalogue, out ModelManifest? manifest)
    {
        manifest = null;
        if (record.Plan.Version == 0 || record.Facts.Version is not { } version) return null;
        var entry = catalogue.Models.GetValueOrDefault(record.Ask.Model)?.Find(version.Version);
        if (entry is null) return NotReplayed.VersionGone;
        manifest = entry.Manifest;
        return manifest?.Digest == version.Digest ? null : NotReplayed.ManifestChanged;
    }
}
