using System.Globalization;
using System.Reflection;
using System.Xml.Linq;
using OrleansHybrid.Domain;

namespace OrleansHybrid.Silo.Admin;

/// <summary><c>GET /v1/limits</c>: at every arrow who retries, at every box who pays, at every store what expires, and every bound with its unit, its owner and, from its documentation, the reason and what happens at it.</summary>
internal static class LimitRoutes
{
    private static readonly Lazy<IReadOnlyList<LimitView>> Bounds = new(Read);

    public static void MapLimits(this IEndpointRouteBuilder admin) =>
        admin.MapGet("/limits", () => new LimitsView(FarmMap.Arrows, FarmMap.Boxes, FarmMap.Stores, All))
            .WithName("ListLimits").WithSummary("At every arrow who retries, at every box who pays, at every store what expires; every bound with value, unit, owner and reason.");

    internal static IReadOnlyList<LimitView> All => Bounds.Value;

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

internal sealed record LimitsView(IReadOnlyList<ArrowView> Arrows, IReadOnlyList<BoxView> Boxes, IReadOnlyList<StoreView> Stores, IReadOnlyList<LimitView> Limits);

/// <param name="Owner">Whom to ask before it is changed; null: nobody, which a test forbids.</param>
/// <param name="Reason">Why it is there and what happens at it. A bound documented together with the one before shares its reason.</param>
internal sealed record LimitView(string Limit, double Value, string Unit, string? Owner, string Reason)
{
    public static LimitView Of(FieldInfo field, IReadOnlyDictionary<string, string> docs)
    {
        var value = field.GetValue(null);
        var number = value is TimeSpan time ? time.TotalMilliseconds : Convert.ToDouble(value, CultureInfo.InvariantCulture);
        var reason = docs.GetValueOrDefault($"F:{typeof(Limits).FullName}.{field.Name}", "");
        return new LimitView(field.Name, number, UnitOf(field.Name, value), LimitOwners.Of(field.Name, reason), reason);
    }

    private static string UnitOf(string name, object? value)
    {
        if (value is TimeSpan) return "ms";
        if (name.Contains("Bytes", StringComparison.Ordinal)) return "bytes";
        return name.Contains("Chars", StringComparison.Ordinal) ? "characters" : "count";
    }
}
