using System.Text.Json.Nodes;
using OrleansHybrid.EndToEnd.Tests.Bundles;
using OrleansHybrid.EndToEnd.Tests.Harness;
using OrleansHybrid.EndToEnd.Tests.Links;
using OrleansHybrid.EndToEnd.Tests.Nodes;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Tls;

/// <summary>The tool and the agent dial a cell over https: with the authority that made its certificate, and not without.</summary>
public sealed class AgentTlsTests
{
    [Fact]
    public async Task Box_joins_and_checks_in_over_tls_and_refuses_a_cell_that_it_cannot_believe()
    {
        await using var cells = await TlsCells.StartAsync();
        new DocumentSigner().WritePublisher(cells.Folder.Sub("state/publishers"));
        var address = cells.Central.Cell.GrpcUrl;
        var token = (string)(await cells.AskAsync(HttpMethod.Post, "join-tokens", new { kind = "node" })).Body["token"]!;
        var shown = cells.Clients.Make("CN=box-7, OU=node");

        var refused = await HybridTool.RunAsync(cells.Folder.Path, "node", "join", "--cell", address, "--token", token, "--name", "box-7", "--data", cells.Folder.Sub("box"), "--ca", cells.Other.File);
        var joined = await HybridTool.RunAsync(cells.Folder.Path, "node", "join", "--cell", address, "--token", token, "--name", "box-7", "--data", cells.Folder.Sub("box"), "--ca", cells.Servers.File, "--certificate", shown.Certificate, "--key-file", shown.Key);
        var listed = await HybridTool.RunAsync(cells.Folder.Path, "nodes", "--cell", cells.Central.Cell.HttpUrl, "--ca", cells.Servers.File, "--operator-key", Path.Combine(cells.Central.Cell.DataFolder(cells.Folder.Path), "operator.key"));
        Assert.True(refused.ExitCode == 3, refused.Error);
        Assert.True(joined.ExitCode == 0, joined.Error);
        Assert.True(listed.ExitCode == 0, listed.Error);
        await using var agent = await AgentProcess.Start(cells.Folder.Sub("box")).WaitUntilReadyAsync();

        JsonNode? page = null;
        await Wait.Until(async () => (page = (await cells.AskAsync(HttpMethod.Get, "nodes?kind=device")).Body)["nodes"]!.AsArray().Any(n => (string?)n!["health"] == "healthy"), "the box to check in");
        Assert.Equal("box-7", (string)page!["nodes"]![0]!["node"]!);
    }
}
