using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using OrleansHybrid.Cli.Cells;
using OrleansHybrid.Cli.Terminal;

namespace OrleansHybrid.Cli.Commands;

/// <summary><c>hybrid nodes</c>, <c>hybrid models</c> and <c>hybrid audit</c>: what a cell says, as a table or in its own JSON.</summary>
internal static class ListCommands
{
    private const int DigestChars = 19;

    public static Command Nodes() => Create(
        "nodes", "Who runs which version, and since when.", "v1/nodes", "nodes", page => page["nodes"]!, ["NODE", "KIND", "HEALTH", "VERSION", "VARIANT", "STAGE", "SINCE"], page =>
            from node in page["nodes"]!.AsArray()
            from held in node!["versions"]!.AsArray().DefaultIfEmpty(null)
            select (string[])[$"{node["cell"]}/{node["node"]}", Text(node["kind"]), Text(node["health"]), held is null ? "-" : $"{held["model"]}@{held["version"]}", Text(held?["variant"]), Text(held?["stage"]), Ago(held?["since_seconds"])]);

    public static Command Models() => Create(
        "models", "Which versions are published, and which key signed them.", "v1/catalogue", "models", page => page["models"]!, ["VERSION", "DESIRED", "PUSHED", "BYTES", "BUNDLE", "SIGNED BY", "BLOCKED"], page =>
            from model in page["models"]!.AsArray()
            let desired = model!["desired"]!.AsArray().Select(v => v!.GetValue<int>()).ToHashSet()
            from version in model["versions"]!.AsArray()
            select (string[])[$"{model["model"]}@{version!["version"]}", desired.Contains(version["version"]!.GetValue<int>()) ? "yes" : "no", Text(version["pushed_at"]), Text(version["bytes"]), Cut(version["bundle"]), Cut(version["publisher_key_id"]), Text(version["blocked"])]);

    public static Command Audit() => Create(
        "audit", "Who changed what, when and why, newest first.", "v1/audit", "entries", page => page["entries"]!, ["AT", "WHO", "WHAT", "SUBJECT", "WHY"], page =>
            from entry in page["entries"]!.AsArray()
            select (string[])[Text(entry!["at"]), Text(entry["who"]), Text(entry["what"]), Text(entry["subject"]), Text(entry["why"])]);

    private static HybridCommand Create(string name, string description, string path, string list, Func<JsonNode, JsonNode> json, string[] heads, Func<JsonNode, IEnumerable<string[]>> rows)
    {
        Func<ParseResult, (CellClient? Cell, CommandOutcome? Problem)> open = null!;
        var command = new HybridCommand(name, description, [$"hybrid {name}", $"hybrid {name} --cell http://127.0.0.1:8010 --output json"], ListAsync);
        open = CellOptions.AddTo(command);
        return command;

        async Task<CommandOutcome> ListAsync(ParseResult input, CancellationToken cancellationToken)
        {
            var (opened, problem) = open(input);
            using var client = opened;
            if (client is null) return problem!;
            var answer = await client.GetAsync(path, cancellationToken);
            return answer.Problem ?? CommandOutcome.Ok() with { Table = new CellTable(list, heads, [.. rows(answer.Body!)], json(answer.Body!)) };
        }
    }

    private static string Text(JsonNode? node) => node is null ? "-" : node.ToString() is { Length: > 0 } text ? text : "-";

    private static string Cut(JsonNode? node) => Text(node) is { Length: > DigestChars } text ? text[..DigestChars] : Text(node);

    private static string Ago(JsonNode? seconds) => seconds is null ? "-" : TimeSpan.FromSeconds(Math.Round(seconds.GetValue<double>())).ToString("c", CultureInfo.InvariantCulture);
}
