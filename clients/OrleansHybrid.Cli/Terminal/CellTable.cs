using System.Text.Json.Nodes;

namespace OrleansHybrid.Cli.Terminal;

/// <summary>A list as an answer: rows for people, the cell's own JSON for scripts.</summary>
/// <param name="Name">Of the list in JSON.</param>
internal sealed record CellTable(string Name, IReadOnlyList<string> Heads, IReadOnlyList<IReadOnlyList<string>> Rows, JsonNode Json)
{
    /// <summary>Columns as wide as their widest cell, two spaces between.</summary>
    public IEnumerable<string> Lines()
    {
        var all = Rows.Prepend(Heads).ToList();
        var widths = Heads.Select((_, i) => all.Max(r => r[i].Length)).ToArray();
        return all.Select(r => string.Join("  ", r.Select((cell, i) => cell.PadRight(widths[i]))).TrimEnd());
    }
}
