using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using OrleansHybrid.Contracts;
using OrleansHybrid.Domain.Nodes;
using OrleansHybrid.EndToEnd.Tests.Access;
using OrleansHybrid.EndToEnd.Tests.Bundles;
using OrleansHybrid.EndToEnd.Tests.Harness;
using OrleansHybrid.EndToEnd.Tests.Links;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Nodes;

/// <summary>What the node commands refuse: the exit code for scripts, the sentence for people.</summary>
public sealed class AgentRefusalTests : IAsyncLifetime
{
    private readonly TempFolder folder = new();
    private readonly HttpClient http = new() { Timeout = Wait.Long };
    private RunningCell cell = null!;

    private CellDesk Desk => new(cell.Cell, folder, http);

    public async Task InitializeAsync() => cell = await RunningCell.StartAsync("eu-west", folder, "--publishers", folder.Sub("publishers"));

    public async Task DisposeAsync()
    {
        http.Dispose();
        await cell.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Token_that_is_wrong_used_up_expired_or_none_is_refused_and_nothing_is_kept()
    {
        var token = await Desk.TokenAsync();
        Assert.Equal(0, (await JoinAsync(token, "box-1")).ExitCode);

        await RefusedAsync(token, "box-2", 1, "has been used up");
        await RefusedAsync(token[..20] + (token[20] == '0' ? '1' : '0') + token[21..], "box-3", 1, "not one of this cell");
        await RefusedAsync(await ExpiredTokenAsync(), "box-4", 1, "expired at");
        await RefusedAsync("something", "box-5", 2, "expected a join token, hyj_…");
        await RefusedAsync(await Desk.TokenAsync(), "Box 6", 2, "is no node's name");
    }

    [Fact]
    public async Task Box_that_is_enrolled_keeps_its_identity_unless_it_is_given_up()
    {
        Assert.Equal(0, (await JoinAsync(await Desk.TokenAsync(), "box-1")).ExitCode);
        var identity = await File.ReadAllTextAsync(folder.Sub("box-1/node.json"));

        var again = await JoinAsync(await Desk.TokenAsync(), "box-1", "box-9");
        Assert.Equal(1, again.ExitCode);
        Assert.Contains("this box is 'box-1' of the cell 'eu-west'", again.Error, StringComparison.Ordinal);
        Assert.Equal(identity, await File.ReadAllTextAsync(folder.Sub("box-1/node.json")));

        Assert.Equal(0, (await JoinAsync(await Desk.TokenAsync(), "box-1", "box-9", "--replace")).ExitCode);
        Assert.Contains("box-9", await File.ReadAllTextAsync(folder.Sub("box-1/node.json")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publishers_that_are_not_those_of_the_token_are_not_trusted()
    {
        new DocumentSigner().WritePublisher(folder.Sub("publishers"));
        var token = await Desk.TokenAsync();
        File.Delete(folder.Sub("publishers/publisher.pem"));
        await File.WriteAllTextAsync(folder.Sub("publishers/other.pem"), new DocumentSigner().Publisher.Pem);

        await RefusedAsync(token, "box-1", 1, "not those that the token stands for");
    }

    [Fact]
    public async Task Cell_that_is_away_is_told_apart_so_that_a_service_tries_again()
    {
        var run = await HybridTool.RunAsync(folder.Path, "node", "join", "--cell", FormattableString.Invariant($"http://127.0.0.1:{FreePorts.Take()}"), "--token", await Desk.TokenAsync(), "--data", folder.Sub("box"));

        Assert.Equal(3, run.ExitCode);
        Assert.Contains("the token was not used", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_says_what_is_missing_before_anything_starts()
    {
        await MisusedAsync("this box is not enrolled");
        await MisusedAsync("can be reached from other machines", "--http", "0.0.0.0:8100");
        await MisusedAsync("expected a whole number with its unit", "--memory", "much");
        await MisusedAsync("--labels: expected name=value", "--labels", "north");
        await MisusedAsync("--link-rate: expected a size and '/s'", "--link-rate", "2MiB");
        await MisusedAsync("--fetch-window: expected the hour", "--fetch-window", "22-06");
        await MisusedAsync("there is no folder", "--models", folder.Sub("nowhere"));
    }

    private async Task MisusedAsync(string sentence, params string[] more)
    {
        var run = await HybridTool.RunAsync(folder.Path, ["node", "run", "--data", folder.Sub("empty"), .. more]);
        Assert.Equal((2, true), (run.ExitCode, run.Error.Contains(sentence, StringComparison.Ordinal)));
    }

    private async Task RefusedAsync(string token, string name, int code, string sentence)
    {
        var run = await JoinAsync(token, name);
        Assert.Contains(sentence, run.Error, StringComparison.Ordinal);
        Assert.Equal(code, run.ExitCode);
        Assert.False(File.Exists(Path.Combine(folder.Sub(name), "node.json")));
    }

    private Task<ToolRun> JoinAsync(string token, string data, string? name = null, params string[] more) =>
        HybridTool.RunAsync(folder.Path, ["node", "join", "--cell", cell.Cell.GrpcUrl, "--token", token, "--name", name ?? data, "--data", folder.Sub(data), .. more]);

    /// <summary>The admin API makes none that is over within a minute.</summary>
    private async Task<string> ExpiredTokenAsync()
    {
        var id = RandomNumberGenerator.GetBytes(JoinTokenText.IdBytes);
        var token = JoinTokenText.Write(id, RandomNumberGenerator.GetBytes(JoinTokenText.SecretBytes), []);
        var wanted = new NewJoinToken(EnrolledKind.Node, new Dictionary<string, string>(), 1, TimeSpan.FromTicks(1), "test");
        var made = await cell.Services.GetRequiredService<IGrainFactory>().GetFleetTrust(cell.Cell.Name).CreateTokenAsync(wanted, Convert.ToHexStringLower(id), JoinTokenText.HashOf(token), CancellationToken.None);
        Assert.Null(made.Failure);
        return token;
    }
}
