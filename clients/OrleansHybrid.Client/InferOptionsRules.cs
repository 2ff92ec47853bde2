using OrleansHybrid.Domain;

namespace OrleansHybrid.Client;

/// <summary>What a call's options must be, as at a cell's gateway.</summary>
internal static class InferOptionsRules
{
    /// <summary>Null, or the first thing that is wrong.</summary>
    public static InferenceFailure? Check(InferOptions options)
    {
        if (ReferenceEquals(options, InferOptions.Default)) return null;
        if (options.ConfidenceFloor is { } floor && !(floor is >= 0 and <= 1)) return Bad($"ConfidenceFloor: expected a number in [0, 1]; came {floor}.");
        if (options.LatencyTarget is { } target && target <= TimeSpan.Zero) return Bad($"LatencyTarget: expected more than 0; came {target}.");
        if (options.MaxCostMicrousd is < 0) return Bad($"MaxCostMicrousd: expected 0 or more; came {options.MaxCostMicrousd}.");
        if (options.Deadline is { } deadline && deadline <= TimeSpan.Zero) return new InferenceFailure(FailureCode.DeadlineExceeded, $"Deadline: expected more than 0; came {deadline}. Nothing was tried.");
        if (options.Priority < 0) return Bad($"Priority: expected 0 or more; came {options.Priority}.");
        return CheckTags(options);
    }

    private static InferenceFailure? CheckTags(InferOptions options)
    {
        if (options.Tags.Count > Limits.TagsPerRequestMax) return Bad($"Tags: expected at most {Limits.TagsPerRequestMax}; came {options.Tags.Count}.");
        foreach (var (key, value) in options.Tags)
        {
            if (key.Length is 0 or > Limits.NameCharsMax || value.Length > Limits.NameCharsMax) return Bad($"Tags: expected names and values of up to {Limits.NameCharsMax} characters; came one of {Math.Max(key.Length, value.Length)}.");
        }

        return null;
    }

    private static InferenceFailure Bad(FormattableString message) => new(FailureCode.BadInput, FormattableString.Invariant(message));
}
