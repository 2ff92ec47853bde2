using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Domain.Routing.Fit;

/// <summary>Everything that a fit answers, but the draft's YAML, which <c>OrleansHybrid.Yaml</c> writes.</summary>
/// <param name="PolicyRevision">Of the policy in force; 0 before any.</param>
/// <param name="Draft">Null when no zone is left.</param>
public sealed record FitWorksheet(
    FitAnswers Answers,
    FitFigures Figures,
    long PolicyRevision,
    FitMatrix Matrix,
    FitVerdict Verdict,
    FitPolicyDraft? Draft,
    IReadOnlyList<FitZoneCost> Costs)
{
    public ModelManifest Manifest => Figures.Manifest;
}

/// <summary>Computes where a feature belongs before anything is provisioned. Pure.</summary>
/// <remarks>
/// Rules kept here and in the parts it calls:
/// <list type="bullet">
/// <item>What the planner has a rule for is asked of the planner, on a farm on paper (<see cref="FitTrial"/>); the rest is held against <see cref="FitThresholds"/>.</item>
/// <item>One clear no removes a zone; what nobody answered or measured stays unknown and removes nothing.</item>
/// <item>The verdict is read off the plan under the draft policy, so it is what the router does.</item>
/// </list>
/// </remarks>
public static class FitRules
{
    /// <param name="current">The policy in force, which the draft carries on; empty before any.</param>
    /// <param name="now">Only orders what the planner compares with a clock; nothing of it is in the worksheet.</param>
    public static FitWorksheet Compute(FitAnswers answers, FitFigures figures, PolicyConfig current, DateTimeOffset now)
    {
        var trial = new FitTrial(answers, figures, current, now);
        var matrix = new FitMatrix([.. new FitPlannerRows(trial, answers, figures, current).All, .. new FitOwnRows(trial.Host, answers, current).All]);
        var draft = new FitDrafter(trial, answers, matrix, current, figures.Manifest.Model).Make();
        var verdict = FitVerdictRules.Of(answers, matrix, trial, figures.Manifest, draft);
        return new FitWorksheet(answers, figures, current.Revision, matrix, verdict, draft, FitCosts.Of(trial, answers, current));
    }
}
