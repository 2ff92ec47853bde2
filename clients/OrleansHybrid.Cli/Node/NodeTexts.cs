using System.Globalization;
using System.Net;
using OrleansHybrid.Domain.Nodes;

namespace OrleansHybrid.Cli.Node;

/// <summary>Reads the values of the node commands' options. Null: it is none, and the rule beside says what one is.</summary>
internal static class NodeTexts
{
    public const string AddressRule = "expected address:port of this machine, for example 127.0.0.1:8100";
    public const string SizeRule = "expected a whole number with its unit, KiB, MiB, GiB, kB, MB or GB, for example 512MiB";
    public const string RateRule = "expected a size and '/s', for example 2MiB/s";
    public const string WindowRule = "expected the hour at which it begins and the one at which it ends, in UTC, for example 22:00-06:00";
    public const string LabelsRule = "expected name=value,name=value: at most 32, each name once";

    private const string PerSecond = "/s";

    private static readonly (string Name, long Bytes)[] Sizes =
        [("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("kB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000)];

    public static IPEndPoint? Address(string text) => text.Contains(':', StringComparison.Ordinal) && IPEndPoint.TryParse(text, out var address) && address.Port > 0 ? address : null;

    public static long? Size(string text)
    {
        var unit = Sizes.FirstOrDefault(s => text.EndsWith(s.Name, StringComparison.Ordinal));
        if (unit.Name is null) return null;
        var number = text[..^unit.Name.Length];
        return long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0 && count <= long.MaxValue / unit.Bytes ? count * unit.Bytes : null;
    }

    /// <summary>A size for each second.</summary>
    public static long? Rate(string text) => text.EndsWith(PerSecond, StringComparison.Ordinal) ? Size(text[..^PerSecond.Length]) : null;

    public static IReadOnlyDictionary<string, string>? Labels(string text)
    {
        var pairs = text.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split('=', 2)).ToArray();
        if (pairs.Any(p => p.Length != 2) || pairs.Select(p => p[0].Trim()).Distinct().Count() != pairs.Length) return null;
        var labels = pairs.ToDictionary(p => p[0].Trim(), p => p[1].Trim());
        return NodeReportRules.WrongLabels(labels) is null ? labels : null;
    }
}
