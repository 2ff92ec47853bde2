using System.Globalization;
using System.Reflection;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Silo.Admin;
using OrleansHybrid.Silo.Cells;
using OrleansHybrid.Silo.Settings;
using OrleansHybrid.Silo.Trust;

namespace OrleansHybrid.Silo.Start;

/// <summary>What a person reads once the farm is ready. Plain text, aligned, the same on a terminal and in a file.</summary>
internal static class StartTable
{
    private static readonly string[] Heads = ["cell", "zone", "node", "REST, metrics, admin", "gRPC", "above"];

    public static void Write(TextWriter output, IReadOnlyList<CellHost> cells, TimeSpan age)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ready in {age.TotalMilliseconds:0} ms (OrleansHybrid {Assembly.GetExecutingAssembly().GetName().Version?.ToString(3)})"));
        output.WriteLine();
        TextTable.Write(output, Heads, cells.Select(c => Row(c.Settings)));
        output.WriteLine();
        TextTable.Write(output, ["model", "version", "state", .. cells.Select(c => "in " + c.Settings.Cell)], ModelRows(cells));
        output.WriteLine();
        foreach (var cell in cells) output.WriteLine($"state of {cell.Settings.Cell} in {Short(cell.Settings.Data)}, its operator key in {Short(Path.Combine(cell.Settings.Data, LocalKey.OperatorFile))}");
        output.WriteLine();
        output.WriteLine($"the admin API to browse: {cells[0].Settings.HttpUrl}{DocsPage.Path}");
        output.WriteLine();
        SampleRequests.Write(output, cells);
        output.WriteLine("Ctrl-C stops: requests in flight finish first.");
        output.Flush();
    }

    private static string[] Row(CellSettings cell) =>
        [cell.Cell, cell.Zone.WireName(), cell.Node, cell.HttpUrl, cell.GrpcUrl, cell.Upstream?.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped) ?? "-"];

    /// <summary>One line a version, with the variants that each cell holds.</summary>
    private static IEnumerable<string[]> ModelRows(IReadOnlyList<CellHost> cells)
    {
        var states = cells.Select(c => c.Services.GetRequiredService<IModelRepository>().State).ToArray();
        var keys = states.SelectMany(s => s.Models.Values).SelectMany(m => m.Versions.Select(v => new ModelVersionKey(m.Name, v.Version))).Distinct();
        return keys.OrderBy(k => k.Model, StringComparer.Ordinal).ThenBy(k => k.Version).Select(k => ModelRow(k, [.. states.Select(s => Find(s, k))]));
    }

    private static string[] ModelRow(ModelVersionKey key, VersionEntry?[] entries)
    {
        var state = entries.Where(e => e is not null).Select(e => e!.State).Distinct().ToArray();
        return
        [
            key.Model,
            key.Version.ToString(CultureInfo.InvariantCulture),
            string.Join(", ", state.Select(s => s.ToString().ToLowerInvariant())),
            .. entries.Select(e => e is { Loaded.Count: > 0 } ? string.Join(", ", e.Loaded.Select(l => l.Key.Variant)) : "-"),
        ];
    }

    private static VersionEntry? Find(RepositoryState state, ModelVersionKey key) => state.Models.GetValueOrDefault(key.Model)?.Find(key.Version);

    /// <summary>A path below the current folder is shown from there.</summary>
    private static string Short(string path)
    {
        var relative = Path.GetRelativePath(Environment.CurrentDirectory, path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;
    }
}
