using OrleansHybrid.Domain.Privacy;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Gateway.Failures;

namespace OrleansHybrid.Gateway.Infer;

/// <summary>The request's parameters from one place: the body, or the headers.</summary>
/// <remarks>
/// Known names are checked; a name given twice in one place is refused; <see cref="Merge"/> settles two places. An unknown name is ignored as the
/// protocol allows, unless it begins with <c>hybrid</c> or is a slip of the pen away from a known one: a misspelt <c>privacy</c> must not be lost silently.
/// </remarks>
internal sealed class ParameterDraft
{
    private RouteMode? mode;
    private PrivacyCeiling? privacy;
    private long? latencyTargetMs, maxCostMicrousd, timeoutMicroseconds, priority;
    private double? confidenceFloor;
    private bool? explain, binaryOutput;
    private Dictionary<string, string>? tags;

    /// <summary>Whether outputs come as binary data unless one says otherwise.</summary>
    public bool BinaryOutput => binaryOutput ?? false;

    /// <summary>Triton's: 1 is first, 0 is the default level.</summary>
    public int Priority => (int)(priority ?? 0);

    public InferenceFailure? Set(string name, in ParameterValue value) => name switch
    {
        "mode" => SetMode(value),
        "privacy" => SetPrivacy(value),
        "latency_target_ms" => SetWhole(name, value, ref latencyTargetMs, 1, (long)Limits.DeadlineMax.TotalMilliseconds),
        "max_cost_microusd" => SetWhole(name, value, ref maxCostMicrousd, 0, long.MaxValue),
        "confidence_floor" => SetFraction(value),
        "explain" => SetFlag(name, value, ref explain),
        "binary_data_output" => SetFlag(name, value, ref binaryOutput),
        "timeout" => SetWhole(name, value, ref timeoutMicroseconds, 0, long.MaxValue),
        "priority" => SetWhole(name, value, ref priority, 0, int.MaxValue),
        "sequence_id" or "sequence_start" or "sequence_end" => CheckNoSequence(name, value),
        _ when name.StartsWith("tag_", StringComparison.Ordinal) => SetTag(name, value),
        _ => ParameterNames.CheckUnknown(name),
    };

    /// <summary>Adds what the other place says: the stricter ceiling wins, any other difference is refused.</summary>
    public InferenceFailure? Merge(ParameterDraft other)
    {
        if (other.privacy is { } second) privacy = privacy is { } first ? PrivacyCeilings.Lowest(first, second) : second;
        return Agree("mode", ref mode, other.mode)
            ?? Agree("latency_target_ms", ref latencyTargetMs, other.latencyTargetMs)
            ?? Agree("max_cost_microusd", ref maxCostMicrousd, other.maxCostMicrousd)
            ?? Agree("confidence_floor", ref confidenceFloor, other.confidenceFloor)
            ?? Agree("explain", ref explain, other.explain)
            ?? Agree("timeout", ref timeoutMicroseconds, other.timeoutMicroseconds)
            ?? Agree("priority", ref priority, other.priority)
            ?? MergeTags(other);
    }

    public RouteParameters ToRoute() => mode is null && privacy is null && latencyTargetMs is null && maxCostMicrousd is null && confidenceFloor is null && explain is null && tags is null
        ? RouteParameters.None
        : new RouteParameters(mode, privacy, latencyTargetMs, maxCostMicrousd, confidenceFloor, explain ?? false, tags ?? RouteParameters.NoTags);

    /// <summary>The smaller of the transport's deadline and the <c>timeout</c> parameter (0: none).</summary>
    public TimeSpan? TimeLeft(TimeSpan? transport)
    {
        if (timeoutMicroseconds is not > 0) return transport;
        var own = TimeSpan.FromMicroseconds(Math.Min(timeoutMicroseconds.Value, Limits.DeadlineMax.TotalMicroseconds));
        return transport < own ? transport : own;
    }

    private InferenceFailure? SetMode(in ParameterValue value)
    {
        if (mode is not null) return Twice("mode");
        if (value.Kind != ParameterKind.Text || !RouteModes.TryParse(value.Text, out var parsed)) return Wrong("mode", $"one of {string.Join(", ", RouteModes.AllNames)}", value);
        mode = parsed;
        return null;
    }

    private InferenceFailure? SetPrivacy(in ParameterValue value)
    {
        if (privacy is not null) return Twice("privacy");
        if (value.Kind != ParameterKind.Text || !PrivacyCeilings.TryParse(value.Text, out var parsed)) return Wrong("privacy", $"one of {string.Join(", ", PrivacyCeilings.AllNames)}", value);
        privacy = parsed;
        return null;
    }

    private static InferenceFailure? SetWhole(string name, in ParameterValue value, ref long? slot, long least, long most)
    {
        if (slot is not null) return Twice(name);
        if (value.Kind != ParameterKind.Whole || value.Whole < least || value.Whole > most) return Wrong(name, $"a whole number from {least} to {most}", value);
        slot = value.Whole;
        return null;
    }

    private InferenceFailure? SetFraction(in ParameterValue value)
    {
        if (confidenceFloor is not null) return Twice("confidence_floor");
        if (value.Kind is not (ParameterKind.Whole or ParameterKind.Number) || value.Number is not (>= 0 and <= 1)) return Wrong("confidence_floor", "a number from 0 to 1", value);
        confidenceFloor = value.Number;
        return null;
    }

    private static InferenceFailure? SetFlag(string name, in ParameterValue value, ref bool? slot)
    {
        if (slot is not null) return Twice(name);
        if (value.Kind != ParameterKind.Flag) return Wrong(name, "true or false", value);
        slot = value.Flag;
        return null;
    }

    private InferenceFailure? SetTag(string name, in ParameterValue value)
    {
        var key = name["tag_".Length..];
        if (key.Length is 0 or > Limits.NameCharsMax || value.Kind != ParameterKind.Text || value.Text!.Length > Limits.NameCharsMax)
        {
            return Wrong(name, $"tag_<name> with a string, both of at most {Limits.NameCharsMax} characters", value);
        }

        tags ??= new Dictionary<string, string>(StringComparer.Ordinal);
        if (!tags.TryAdd(key, value.Text)) return Twice(name);
        return tags.Count <= Limits.TagsPerRequestMax ? null : Bad.Input($"The request has more than {Limits.TagsPerRequestMax} tags.");
    }

    private static InferenceFailure? CheckNoSequence(string name, in ParameterValue value)
    {
        var unset = value is { Kind: ParameterKind.Whole, Whole: 0 } or { Kind: ParameterKind.Flag, Flag: false } or { Kind: ParameterKind.Text, Text: "" };
        return unset ? null : Bad.Input($"Parameter {name}: sequences are not served, since every request is routed by itself. Send the whole window in one request.");
    }

    private static InferenceFailure? Agree<T>(string name, ref T? slot, T? other)
        where T : struct
    {
        if (other is null) return null;
        if (slot is { } first && !EqualityComparer<T>.Default.Equals(first, other.Value)) return Differ(name);
        slot = other;
        return null;
    }

    private InferenceFailure? MergeTags(ParameterDraft other)
    {
        foreach (var (key, text) in other.tags ?? [])
        {
            tags ??= new Dictionary<string, string>(StringComparer.Ordinal);
            if (!tags.TryAdd(key, text) && tags[key] != text) return Differ($"tag_{key}");
        }

        return tags?.Count > Limits.TagsPerRequestMax ? Bad.Input($"The request has more than {Limits.TagsPerRequestMax} tags.") : null;
    }

    private static InferenceFailure Twice(string name) => Bad.Input($"Parameter {name} is given twice.");

    private static InferenceFailure Differ(string name) => Bad.Input($"Parameter {name} differs between the body and its header; send it once.");

    private static InferenceFailure Wrong(string name, string expected, in ParameterValue value) => Bad.Input($"Parameter {name} must be {expected}; {value} came.");
}
