using OrleansHybrid.Gateway.Failures;

namespace OrleansHybrid.Gateway.Infer;

/// <summary>What happens to a parameter whose name is not known.</summary>
internal static class ParameterNames
{
    private static readonly string[] Known =
        ["mode", "privacy", "latency_target_ms", "max_cost_microusd", "confidence_floor", "explain", "binary_data_output"];

    /// <summary>Null: ignored. Names of our own prefix and near misses of a known name are refused.</summary>
    public static InferenceFailure? CheckUnknown(string name)
    {
        if (name.StartsWith("hybrid", StringComparison.OrdinalIgnoreCase)) return Bad.Input($"Parameter '{Shown(name)}' is not known; in a body the names are {string.Join(", ", Known)} and tag_<name>.");
        foreach (var known in Known)
        {
            if (IsSlip(name, known)) return Bad.Input($"Parameter '{Shown(name)}' is not known; '{known}' was meant?");
        }

        return null;
    }

    /// <summary>A header of our prefix that names no parameter: never ignored, since a misspelt ceiling must not be lost.</summary>
    public static InferenceFailure UnknownHeader(string header) => Bad.Input(
        $"Header '{Shown(header)}' is not known; parameters as headers are hybrid-mode, hybrid-privacy, hybrid-latency-target-ms, hybrid-max-cost-microusd, hybrid-confidence-floor, hybrid-explain and hybrid-tag-<name>.");

    private static string Shown(string name) => name.Length <= 64 ? name : name[..64];

    /// <summary>One letter added, missing, changed or swapped with its neighbour, or another case or dash.</summary>
    internal static bool IsSlip(string name, string known)
    {
        if (Math.Abs(name.Length - known.Length) > 1) return false;
        var plain = name.Replace('-', '_').ToLowerInvariant();
        if (plain == known) return true;
        var head = 0;
        while (head < plain.Length && head < known.Length && plain[head] == known[head]) head++;
        var tail = 0;
        while (tail < plain.Length - head && tail < known.Length - head && plain[^(tail + 1)] == known[^(tail + 1)]) tail++;
        var (left, right) = (plain.Length - head - tail, known.Length - head - tail);
        return known.Length >= 5 && (Math.Max(left, right) <= 1 || (left == 2 && right == 2 && plain[head] == known[head + 1] && plain[head + 1] == known[head]));
    }
}
