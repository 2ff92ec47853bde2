using System.Globalization;

namespace OrleansHybrid.Silo.Settings;

/// <summary>Reads sizes and durations with their unit, as in <c>512MiB</c> and <c>30m</c>. A number without a unit is no quantity.</summary>
internal static class QuantityText
{
    public const string BytesRule = "Write a whole number with its unit, KiB, MiB, GiB, kB, MB or GB, for example 512MiB.";
    public const string TimeRule = "Write a whole number with its unit, s, m, h or d, for example 30m.";

    public const string RateRule = "Write a size and '/s', for example 2MiB/s.";
    private const string PerSecond = "/s";

    private static readonly (string Name, long Bytes)[] Sizes =
        [("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("kB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000)];

    private static readonly (string Name, long Seconds)[] Times = [("s", 1), ("m", 60), ("h", 3_600), ("d", 86_400)];

    /// <summary>More than 0 and at most what fits; null: it is no size.</summary>
    public static long? Bytes(string text) => Sizes.Where(s => text.EndsWith(s.Name, StringComparison.Ordinal)).Select(s => Product(text[..^s.Name.Length], s.Bytes)).FirstOrDefault(b => b is not null);

    /// <summary>A size for each second: <c>2MiB/s</c>.</summary>
    public static long? Rate(string text) => text.EndsWith(PerSecond, StringComparison.Ordinal) ? Bytes(text[..^PerSecond.Length]) : null;

    /// <inheritdoc cref="Bytes"/>
    public static TimeSpan? Time(string text) =>
        Times.Where(s => text.EndsWith(s.Name, StringComparison.Ordinal)).Select(s => Product(text[..^s.Name.Length], s.Seconds)).FirstOrDefault(s => s is not null) is { } seconds and <= 366L * 86_400
            ? TimeSpan.FromSeconds(seconds)
            : null;

    private static long? Product(string number, long unit) =>
        long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0 && count <= long.MaxValue / unit ? count * unit : null;
}
