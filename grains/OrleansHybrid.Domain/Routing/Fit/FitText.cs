using System.Globalization;

namespace OrleansHybrid.Domain.Routing.Fit;

/// <summary>How numbers, shares and lists are written in a worksheet.</summary>
public static class FitText
{
    private const string Share = "of the ";
    private const string Part = "of ";

    /// <summary>Three digits or so: nobody decides by the fourth.</summary>
    public static string Number(double value) => Math.Abs(value) switch
    {
        0 => "0",
        >= 100 => value.ToString("#,0", CultureInfo.InvariantCulture),
        >= 1 => value.ToString("0.##", CultureInfo.InvariantCulture),
        >= 0.01 => value.ToString("0.###", CultureInfo.InvariantCulture),
        _ => "under 0.01",
    };

    /// <summary>With its unit; a share of something as a percentage.</summary>
    public static string WithUnit(double value, string unit) =>
        unit.StartsWith(Part, StringComparison.Ordinal) ? Number(value * 100) + " %" : unit.Length == 0 ? Number(value) : $"{Number(value)} {unit}";

    /// <summary>Without a unit, where one follows; a share of something as a percentage.</summary>
    public static string Bare(double value, string unit) => unit.StartsWith(Part, StringComparison.Ordinal) ? WithUnit(value, unit) : Number(value);

    /// <summary>What the number is a share of, for the head of a row; empty for other units.</summary>
    public static string ShareOf(string unit) => unit.StartsWith(Share, StringComparison.Ordinal) || unit.StartsWith(Part, StringComparison.Ordinal) ? unit : "";

    public static string List(IEnumerable<string> words)
    {
        var all = words.ToArray();
        return all.Length < 2 ? string.Concat(all) : $"{string.Join(", ", all[..^1])} and {all[^1]}";
    }

    /// <summary>Money in US dollars from micro-USD.</summary>
    public static string Usd(double microusd) => "$" + (microusd is > 0 and < 10_000 ? (microusd / 1_000_000).ToString("0.########", CultureInfo.InvariantCulture) : Number(microusd / 1_000_000));
}
