using System.Runtime.InteropServices;
using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Domain.Routing;

/// <summary>When a version's classifier is asked, for how long it is waited for, and what its verdict means. Pure.</summary>
/// <remarks>
/// Rules kept here:
/// <list type="bullet">
/// <item>It is asked only where its verdict can change the order: mode AUTO, a confidence floor, and a zone above the first one that could go first. So never under a ceiling that leaves one zone, nor while the link is down.</item>
/// <item>Whoever stated the signal already is believed.</item>
/// <item>It runs on the engine of this process alone: the verdict costs no crossing.</item>
/// <item>Of several rows the hardest counts, since the whole request goes one way.</item>
/// </list>
/// </remarks>
public static class ClassifierRules
{
    /// <summary>Scaled verdicts are shown in plans, so they are kept to this many digits.</summary>
    private const int Digits = 4;

    public static bool IsWorthwhile(RoutePlan plan) =>
        plan.HardWouldMove
        && plan.Chosen is { Entry.Classifier: not null, Manifest.Classifier: not null }
        && plan.Settings is { Mode: RouteMode.Auto, Floor: > 0 }
        && plan.Signals.HardFrom == HardSource.None;

    /// <summary>How long the verdict is waited for; zero or less: not at all.</summary>
    public static TimeSpan Budget(TimeSpan deadline, TimeSpan elapsed)
    {
        var share = (deadline - elapsed) * Limits.ClassifierTimeShareMax;
        return share < Limits.ClassifierTimeMax ? share : Limits.ClassifierTimeMax;
    }

    /// <summary>The highest of the rows; null when there is none, or one is not a number in [0, 1].</summary>
    public static double? Verdict(IReadOnlyList<Tensor> outputs)
    {
        if (outputs is not [{ DataType: TensorDataType.Fp32 } output]) return null;
        double? highest = null;
        foreach (var value in MemoryMarshal.Cast<byte, float>(output.Data.Span))
        {
            if (!(value is >= 0 and <= 1)) return null;
            highest = Math.Max(highest ?? 0, value);
        }

        return highest;
    }

    /// <summary>The verdict as a signal: the threshold is moved to <see cref="RequestSignals.HardAt"/>, 0 and 1 stay, and between them it is linear. A verdict on one side of the threshold stays on that side.</summary>
    public static RequestSignals Signal(RequestSignals known, double verdict, double threshold) =>
        known with { Hard = Scale(verdict, threshold), HardFrom = HardSource.Classifier };

    private static double Scale(double verdict, double threshold)
    {
        const double at = RequestSignals.HardAt;
        if (verdict < threshold) return Math.Min(Math.Round(at * verdict / threshold, Digits), at - Math.Pow(10, -Digits));
        return threshold < 1 ? Math.Round(at + ((1 - at) * (verdict - threshold) / (1 - threshold)), Digits) : 1;
    }
}
