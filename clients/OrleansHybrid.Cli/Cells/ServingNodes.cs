using System.Text.Json.Nodes;

namespace OrleansHybrid.Cli.Cells;

/// <summary>Which nodes say that they serve a version.</summary>
internal static class ServingNodes
{
    private const string Serving = "serving";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Asks until a node serves it or the time is over; then none.</summary>
    public static async Task<IReadOnlyList<string>> WaitAsync(CellClient cell, string model, int version, TimeSpan bound, CancellationToken cancellationToken)
    {
        var clock = TimeProvider.System;
        for (var started = clock.GetTimestamp(); ;)
        {
            var answer = await cell.GetAsync("v1/nodes", cancellationToken);
            if (answer.Problem is null && Of(answer.Body!, model, version) is { Count: > 0 } nodes) return nodes;
            if (clock.GetElapsedTime(started) >= bound) return [];
            await Task.Delay(Pause, clock, cancellationToken);
        }
    }

    private static IReadOnlyList<string> Of(JsonNode page, string model, int version) =>
    [
        .. from node in page["nodes"]!.AsArray()
           from held in node!["versions"]!.AsArray()
           where held!["model"]!.GetValue<string>() == model && held["version"]!.GetValue<int>() == version && held["stage"]!.GetValue<string>() == Serving
           select $"{node["cell"]}/{node["node"]} ({held["variant"]})",
    ];
}
