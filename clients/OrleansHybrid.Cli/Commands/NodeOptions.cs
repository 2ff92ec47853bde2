using System.CommandLine;
using OrleansHybrid.Cli.Node;
using OrleansHybrid.Cli.Terminal;
using OrleansHybrid.Domain;
using OrleansHybrid.Links.Upstreams;

namespace OrleansHybrid.Cli.Commands;

/// <summary>Options that both node commands have. One object for each command.</summary>
internal sealed class NodeOptions
{
    /// <summary>A token on a command line is seen by every user of the box while the command runs.</summary>
    public const string TokenVariable = "HYBRID_JOIN_TOKEN";

    public Option<string> Data { get; } = new("--data") { Description = "The node's own folder.", DefaultValueFactory = _ => NodeData.Default, HelpName = "DIR" };

    public Option<string?> Cell { get; } = new("--cell") { Description = "The cell's gRPC port.", HelpName = "URL" };

    public Option<string> CellZone { get; } = CellZoneOption();

    public Option<string?> Token { get; } = new("--token") { Description = $"A join token of the cell; without it: {TokenVariable}.", HelpName = "hyj_…" };

    public Option<string> Name { get; } = new("--name") { Description = "The name that the node would like; without it the cell gives one.", DefaultValueFactory = _ => "", HelpName = "NAME" };

    public Option<bool> Insecure { get; } = new("--insecure-links") { Description = "Allow a plain-text cell beyond loopback." };

    public TlsOptions Tls { get; } = new();

    public string? TokenOf(ParseResult input) => input.GetValue(Token) ?? (Environment.GetEnvironmentVariable(TokenVariable) is { Length: > 0 } token ? token.Trim() : null);

    /// <summary>What joining needs, or what is wrong with it.</summary>
    public (NodeJoinSettings? Settings, CommandOutcome? Wrong) Join(ParseResult input, bool replace)
    {
        if (input.GetValue(Cell) is not { } cell) return (null, CommandOutcome.Usage("--cell: expected the address of the cell's gRPC port, for example http://127.0.0.1:8011; came nothing."));
        if (UpstreamAddress.Parse(cell, input.GetValue(Insecure), out var error) is null) return (null, CommandOutcome.Usage($"--cell: {error}"));
        if (TokenOf(input) is not { } token) return (null, CommandOutcome.Usage($"--token: expected a join token, hyj_…; came nothing. Make one at the cell with POST /v1/join-tokens, and give it here or in {TokenVariable}."));
        var link = new NodeLink(cell, ZoneOf(input), input.GetValue(Insecure)) { Files = Tls.Read(input) };
        return (new NodeJoinSettings(new NodeData(input.GetValue(Data)!), link, token, input.GetValue(Name)!, replace), null);
    }

    private Zone ZoneOf(ParseResult input) => Zones.TryParse(input.GetValue(CellZone)!, out var zone) ? zone : Zone.Cloud;

    private static Option<string> CellZoneOption()
    {
        var option = new Option<string>("--cell-zone") { Description = "Where the cell stands. Say edge for a region's: then input with an edge ceiling may go there.", DefaultValueFactory = _ => Zone.Cloud.WireName(), HelpName = "edge|cloud" };
        option.AcceptOnlyFromAmong(Zone.Edge.WireName(), Zone.Cloud.WireName());
        return option;
    }
}
