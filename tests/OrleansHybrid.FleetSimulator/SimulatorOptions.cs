using System.Globalization;
using OrleansHybrid.FleetSimulator.Plan;
using OrleansHybrid.FleetSimulator.Run;

namespace OrleansHybrid.FleetSimulator;

/// <summary>The console entry's arguments.</summary>
internal sealed record SimulatorOptions(FleetScenario Scenario, IReadOnlyDictionary<string, FleetCell> Cells, TimeSpan For, string? Models, bool PlanOnly)
{
    public const string Usage = """
        usage: --cell NAME=http://127.0.0.1:8001=TOKEN[,TOKEN…] (once for each cell) [--nodes 100] [--seed 1] [--for SECONDS] [--fetch-blobs N] [--faults]
               [--models DIR --answers-per-minute N]
               --plan [--nodes N] [--seed N] [--faults]: prints the plan alone
        """;

    public static readonly TimeSpan LineEach = TimeSpan.FromSeconds(5);
    private const double FaultShare = 0.05;
    private static readonly TimeSpan ForDefault = TimeSpan.FromHours(1);

    public static SimulatorOptions? Parse(string[] args, out string wrong)
    {
        wrong = "";
        var cells = new Dictionary<string, FleetCell>(StringComparer.Ordinal);
        for (var i = 0; i + 1 < args.Length; i++)
        {
            if (args[i] != "--cell") continue;
            if (args[i + 1].Split('=', 3) is not [var name, var address, var tokens]) return Refuse("--cell: expected NAME=ADDRESS=TOKEN.", out wrong);
            cells[name] = new FleetCell(address, tokens.Split(','));
        }

        var plan = args.Contains("--plan");
        if (cells.Count == 0 && !plan) return Refuse("--cell: expected a cell to join.", out wrong);
        var share = args.Contains("--faults") ? FaultShare : 0;
        var scenario = new FleetScenario
        {
            Nodes = Number(args, "--nodes", 100), Seed = Number(args, "--seed", 1), FetchesBlobs = Number(args, "--fetch-blobs", 0), AnswersPerMinute = Number(args, "--answers-per-minute", 0),
            Regions = cells.Count == 0 ? ["central"] : [.. cells.Keys],
            CutShare = share, WrongClockShare = share, DeathShare = share, DeathInTransferShare = share, FullDiskShare = share, SlowDiskShare = share, FailedLoadShare = share, RepeatShare = share,
        };
        return new SimulatorOptions(scenario, cells, Text(args, "--for") is { } text ? TimeSpan.FromSeconds(double.Parse(text, CultureInfo.InvariantCulture)) : ForDefault, Text(args, "--models"), plan);
    }

    private static SimulatorOptions? Refuse(string why, out string wrong)
    {
        wrong = why;
        return null;
    }

    private static int Number(string[] args, string name, int otherwise) => Text(args, name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    private static string? Text(string[] args, string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;
}
