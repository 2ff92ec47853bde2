using System.Globalization;
using OrleansHybrid.Domain;

namespace OrleansHybrid.Silo.Telemetry;

/// <summary>Failure codes as metric labels, made once: <c>deadline_exceeded</c>.</summary>
internal static class FailureNames
{
    private static readonly string[] Names = [.. Enum.GetNames<FailureCode>().Select(Snake)];

    public static string Of(FailureCode code) => Names[(int)code];

    private static string Snake(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i > 0 ? "_" : "") + char.ToLowerInvariant(c) : c.ToString()));
}

/// <summary>Version numbers as text without an allocation for the usual ones; 0, which no version has, is empty.</summary>
internal static class VersionTexts
{
    private static readonly string[] Small = [.. Enumerable.Range(0, 100).Select(i => i == 0 ? "" : i.ToString(CultureInfo.InvariantCulture))];

    public static string Of(int version) =>
        version >= 0 && version < Small.Length ? Small[version] : version.ToString(CultureInfo.InvariantCulture);
}
