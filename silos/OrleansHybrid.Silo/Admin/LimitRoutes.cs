using System.Globalization;
using System.Reflection;
using System.Xml.Linq;
using OrleansHybrid.Domain;

namespace OrleansHybrid.Silo.Admin;

/// <summary><c>GET /v1/limits</c>: every bound with its unit and, from its documentation, the reason and what happens at it.</summary>
internal static class LimitRoutes
{
    private static readonly Lazy<IReadOnlyList<LimitView>> All = new(Read);

    public static void MapLimits(this IEndpointRouteBuilder admin) =>
        admin.MapGet("/limits", () => All.Value).WithName("ListLimits").WithSummary("Every bound: value, unit, reason and what happens at it.");

    private static IReadOnlyList<LimitView> Read()
    {
        var docs = Documentation();
        return [.. typeof(Limits).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => LimitView.Of(f, docs))];
    }

    /// <summary>The compiler's documentation file beside the program; without it the reasons are empty.</summary>
    private static Dictionary<string, string> Documentation()
    {
        var file = Path.ChangeExtension(typeof(Limits).Assembly.Location, ".xml");
        if (!File.Exists(file)) return [];
        return XDocument.Load(file).Descendants("member").ToDictionary(m => m.Attribute("name")?.Value ?? "", m => Text(m.Element("summary")));
    }

    private static string Text(XElement? summary) =>
        summary is null ? "" : string.Join(' ', string.Concat(summary.DescendantNodes().Select(Words)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static string Words(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "see" } see => see.Attribute("cref")?.Value.Split('.')[^1] ?? "",
        _ => "",
    };
}

internal sealed record LimitView(string Limit, double Value, string Unit, string Reason)
{
    public static LimitView Of(FieldInfo field, IReadOnlyDictionary<string, string> docs)
    {
        var value = field.GetValue(null);
        var number = value is TimeSpan time ? time.TotalMilliseconds : Convert.ToDouble(value, CultureInfo.InvariantCulture);
        return new LimitView(field.Name, number, UnitOf(field.Name, value), docs.GetValueOrDefault($"F:{typeof(Limits).FullName}.{field.Name}", ""));
    }

    private static string UnitOf(string name, object? value)
    {
        if (value is TimeSpan) return "ms";
        if (name.Contains("Bytes", StringComparison.Ordinal)) return "bytes";
        return name.Contains("Chars", StringComparison.Ordinal) ? "characters" : "count";
    }
}
