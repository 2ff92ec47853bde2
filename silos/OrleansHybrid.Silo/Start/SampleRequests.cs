using OrleansHybrid.Domain.Models;
using OrleansHybrid.Silo.Cells;

namespace OrleansHybrid.Silo.Start;

/// <summary>Two requests to paste: a clip that the edge answers and one that it passes on to the cloud. Their files are in the source tree, so they work from its root.</summary>
internal static class SampleRequests
{
    private const string Model = "keyword";

    public static void Write(TextWriter output, IReadOnlyList<CellHost> cells)
    {
        var cell = cells.FirstOrDefault(c => c.Settings.Upstream is not null && Serves(c)) ?? cells.FirstOrDefault(Serves);
        if (cell is null) return;
        var goesUp = cell.Settings.Upstream is not null;
        output.WriteLine(goesUp ? "An easy clip, which the edge answers:" : "An easy clip:");
        output.WriteLine(Curl(cell, "easy"));
        output.WriteLine();
        output.WriteLine(goesUp ? "A hard one, which goes on to the cloud:" : "A hard one:");
        output.WriteLine(Curl(cell, "hard"));
        output.WriteLine();
    }

    private static bool Serves(CellHost cell) =>
        cell.Services.GetRequiredService<IModelRepository>().State.Models.GetValueOrDefault(Model)?.Default is { PlainFolder: false };

    private static string Curl(CellHost cell, string clip)
    {
        var key = cell.Settings.AuthRequired ? "-H \"Authorization: Bearer $HYBRID_KEY\" " : "";
        return $"  curl -s {key}{cell.Settings.HttpUrl}/v2/models/{Model}/infer -d @models/clips/{clip}.json";
    }
}
