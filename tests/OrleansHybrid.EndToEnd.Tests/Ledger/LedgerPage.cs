using System.Text.Json;
using OrleansHybrid.EndToEnd.Tests.Harness;

namespace OrleansHybrid.EndToEnd.Tests.Ledger;

/// <summary>A row of <c>GET /v1/ledger</c>.</summary>
internal sealed record LedgerPageRow(string Zone, string Model, string Variant, string Tenant, JsonElement Figures)
{
    public long Requests => Figures.GetProperty("requests").GetInt64();

    public long Failed => Figures.GetProperty("failed").GetInt64();

    public long Runs => Figures.GetProperty("runs").GetInt64();

    public double Get(string figure) => Figures.GetProperty(figure).GetDouble();
}

/// <summary>A cell's ledger as the admin API tells it.</summary>
internal sealed record LedgerPage(IReadOnlyList<LedgerPageRow> Rows, LedgerPageRow Totals, double? AgeMs)
{
    public static readonly string[] Columns = ["requests", "failed", "runs", "compute_ms", "link_bytes", "idle_mib_hours", "energy_joule", "money_microusd", "above_microusd", "avoided_microusd"];

    public static async Task<LedgerPage> ReadAsync(HttpClient http, TestCell cell, string by)
    {
        using var page = JsonDocument.Parse(await http.GetStringAsync($"{cell.HttpUrl}/v1/ledger?by={by}"));
        var root = page.RootElement;
        return new LedgerPage(
            root.GetProperty("rows").EnumerateArray().Select(Row).ToArray(),
            Row(root.GetProperty("totals")),
            root.GetProperty("age_ms") is { ValueKind: JsonValueKind.Number } age ? age.GetDouble() : null);
    }

    public long Sum(Func<LedgerPageRow, long> figure) => Rows.Sum(figure);

    private static LedgerPageRow Row(JsonElement row) => new(Text(row, "zone"), Text(row, "model"), Text(row, "variant"), Text(row, "tenant"), row.Clone());

    private static string Text(JsonElement row, string name) => row.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";
}
