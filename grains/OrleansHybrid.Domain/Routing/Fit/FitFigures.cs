using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Domain.Routing.Fit;

/// <summary>Where a number came from; a number made of several has them all.</summary>
[Flags]
public enum FigureSource
{
    None = 0,

    /// <summary>On the silo that computed the worksheet.</summary>
    Measured = 1,

    /// <summary>In the version's manifest.</summary>
    Declared = 2,

    /// <summary>By the team.</summary>
    Answered = 4,

    /// <summary>A price of the policy.</summary>
    Price = 8,
}

public static class FigureSources
{
    private static readonly (FigureSource Source, string Text)[] Texts =
        [(FigureSource.Measured, "measured here"), (FigureSource.Declared, "declared in the manifest"), (FigureSource.Answered, "answered"), (FigureSource.Price, "policy price")];

    public static string Text(this FigureSource source) => string.Join(" + ", Texts.Where(t => source.HasFlag(t.Source)).Select(t => t.Text));
}

/// <summary>A number and where it came from. The default is no number.</summary>
public readonly record struct Figure(double Value, FigureSource Source)
{
    public bool Known => Source != FigureSource.None;

    public Figure Or(Figure other) => Known ? this : other;

    public static Figure Answered(double? value) => value is { } known ? new Figure(known, FigureSource.Answered) : default;

    /// <summary>Manifests write 0 where nothing is declared.</summary>
    public static Figure Declared(double value) => value > 0 ? new Figure(value, FigureSource.Declared) : default;

    public static Figure Measured(double value) => new(value, FigureSource.Measured);

    /// <summary>The worse of two figures for the same thing; the one that is known when only one is.</summary>
    public static Figure Worse(Figure one, Figure other) => !one.Known || (other.Known && other.Value > one.Value) ? other : one;
}

/// <summary>What the silo that computes a worksheet found out, beside what manifest and answers say.</summary>
/// <param name="Manifest">Of the version that answers by default.</param>
/// <param name="Here">The zone of the silo that measured.</param>
/// <param name="Runs">Of variants that this silo's engine holds.</param>
/// <param name="HostMemoryMib">Of this silo's host; none: unknown.</param>
/// <param name="HostCores">Of this silo's host; none: unknown.</param>
/// <param name="LinkMs">Round trips p95 of this silo's links by the zone they lead to, milliseconds.</param>
public sealed record FitFigures(
    ModelManifest Manifest,
    Zone Here,
    IReadOnlyDictionary<string, RunFigures> Runs,
    Figure HostMemoryMib,
    Figure HostCores,
    IReadOnlyDictionary<Zone, double> LinkMs)
{
    /// <summary>Nothing was measured: manifest and answers alone.</summary>
    public static FitFigures Declared(ModelManifest manifest, Zone here = Zone.Edge) =>
        new(manifest, here, new Dictionary<string, RunFigures>(), default, default, new Dictionary<Zone, double>());
}

/// <summary>One variant as this silo ran it.</summary>
/// <param name="MsP50">Milliseconds, of the run alone.</param>
/// <param name="Samples">Runs behind the two.</param>
/// <param name="Live">From requests of the last minute, not from runs on made-up input.</param>
/// <param name="ColdStartMs">Loading and warming up, milliseconds; 0: not measured.</param>
public sealed record RunFigures(double MsP50, double MsP95, int Samples, bool Live, double ColdStartMs);
