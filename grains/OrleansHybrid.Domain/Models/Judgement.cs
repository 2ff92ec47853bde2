namespace OrleansHybrid.Domain.Models;

/// <summary>What an answer says by its manifest.</summary>
/// <param name="Label">The first row's class name; null when no output has labels or none can be told.</param>
/// <param name="Confidence">The lowest confidence over all rows, in [0, 1]; null when the manifest states no rule or the answer does not hold the output the rule reads.</param>
public readonly record struct Judgement(string? Label, double? Confidence);
