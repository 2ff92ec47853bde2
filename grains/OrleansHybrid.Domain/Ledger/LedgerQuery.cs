namespace OrleansHybrid.Domain.Ledger;

/// <summary>What a ledger's rows are grouped by.</summary>
public enum LedgerColumn
{
    Zone,
    Model,
    Version,
    Variant,
    Tenant,
    Hour,
}

/// <param name="By">Columns of the answer; the rest is summed up.</param>
/// <param name="Since">Hours (for merged rows: days) that ended before it are left out; null: everything kept.</param>
[GenerateSerializer, Immutable, Alias("hybrid.ledger-query")]
public sealed record LedgerQuery([property: Id(0)] IReadOnlyList<LedgerColumn> By, [property: Id(1)] DateTimeOffset? Since);

/// <summary>One group of rows. A column that was not asked for is null.</summary>
[GenerateSerializer, Immutable, Alias("hybrid.ledger-total")]
public sealed record LedgerTotal(
    [property: Id(0)] LedgerGroup Group,
    [property: Id(1)] long RevisionMin,
    [property: Id(2)] long RevisionMax,
    [property: Id(3)] LedgerFigures Figures);

[GenerateSerializer, Immutable, Alias("hybrid.ledger-group")]
public readonly record struct LedgerGroup(
    [property: Id(0)] DateTimeOffset? Hour,
    [property: Id(1)] Zone? Zone,
    [property: Id(2)] string? Model,
    [property: Id(3)] int? Version,
    [property: Id(4)] string? Variant,
    [property: Id(5)] string? Tenant);

/// <summary>A tenant's, or after <see cref="LedgerQueries.Merge"/> a cell's, answer to a query.</summary>
/// <param name="LastBatch">When the last batch of any silo was booked: how old the figures are.</param>
[GenerateSerializer, Immutable, Alias("hybrid.ledger-answer")]
public sealed record LedgerAnswer([property: Id(0)] IReadOnlyList<LedgerTotal> Totals, [property: Id(1)] DateTimeOffset? LastBatch)
{
    public static LedgerAnswer Empty { get; } = new([], null);
}

/// <summary>How books answer queries. Pure.</summary>
public static class LedgerQueries
{
    private static readonly Dictionary<string, LedgerColumn> Names =
        Enum.GetValues<LedgerColumn>().ToDictionary(c => c.ToString().ToLowerInvariant(), StringComparer.Ordinal);

    public static IReadOnlyCollection<string> ColumnNames => Names.Keys;

    /// <summary>Columns by their names, comma-separated; nothing given: the zone. False with the name that is none.</summary>
    public static bool TryParseBy(string? text, out IReadOnlyList<LedgerColumn> by, out string wrong)
    {
        var names = (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        wrong = names.FirstOrDefault(n => !Names.ContainsKey(n)) ?? "";
        by = wrong.Length > 0 ? [] : names.Length == 0 ? [LedgerColumn.Zone] : names.Select(n => Names[n]).Distinct().ToArray();
        return wrong.Length == 0;
    }

    public static LedgerAnswer Ask(LedgerBook book, string tenant, LedgerQuery query)
    {
        var rows = book.Rows.Where(r => query.Since is not { } since || r.From.AddHours(r.IsDay ? 24 : 1) > since);
        return new LedgerAnswer(Sum(rows.Select(r => new LedgerTotal(GroupOf(r, tenant, query.By), r.RevisionMin, r.RevisionMax, r.Figures))), book.LastBatch);
    }

    /// <summary>The answer of a cell from those of its tenants.</summary>
    public static LedgerAnswer Merge(IReadOnlyCollection<LedgerAnswer> answers) =>
        new(Sum(answers.SelectMany(a => a.Totals)), answers.Max(a => a.LastBatch));

    public static LedgerFigures Total(LedgerAnswer answer) => answer.Totals.Aggregate(default(LedgerFigures), static (sum, t) => sum + t.Figures);

    private static LedgerTotal[] Sum(IEnumerable<LedgerTotal> totals) =>
        totals.GroupBy(t => t.Group)
            .Select(g => new LedgerTotal(g.Key, g.Min(t => t.RevisionMin), g.Max(t => t.RevisionMax), g.Aggregate(default(LedgerFigures), static (sum, t) => sum + t.Figures)))
            .OrderBy(t => t.Group.Hour).ThenBy(t => t.Group.Zone).ThenBy(t => t.Group.Model, StringComparer.Ordinal).ThenBy(t => t.Group.Version)
            .ThenBy(t => t.Group.Variant, StringComparer.Ordinal).ThenBy(t => t.Group.Tenant, StringComparer.Ordinal)
            .ToArray();

    private static LedgerGroup GroupOf(LedgerRow row, string tenant, IReadOnlyList<LedgerColumn> by) => new(
        by.Contains(LedgerColumn.Hour) ? row.From : null,
        by.Contains(LedgerColumn.Zone) ? row.Zone : null,
        by.Contains(LedgerColumn.Model) ? row.Model : null,
        by.Contains(LedgerColumn.Version) ? row.Version : null,
        by.Contains(LedgerColumn.Variant) ? row.Variant : null,
        by.Contains(LedgerColumn.Tenant) ? tenant : null);
}
