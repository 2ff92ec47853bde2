using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Bundles;

/// <summary>Publishing as people and scripts do it: one command, its JSON, and the next step in every error.</summary>
public sealed class PushToolTests(PushCell fixture) : IClassFixture<PushCell>
{
    [Fact]
    public async Task One_command_signs_endorses_and_publishes_what_central_then_serves_and_the_lists_tell()
    {
        using var version = new PushedVersion("tooled");
        version.TrustIn(fixture.Publishers);
        await File.WriteAllTextAsync(Path.Combine(version.Desk, "operator"), fixture.Cell.OperatorKey);

        var pushed = await RunAsync(version, "push", "tooled/1", "--key", "publisher.key", "--endorse", "--wait", "60s");
        var again = await RunAsync(version, "push", "tooled/1", "--output", "json");
        var models = await RunAsync(version, "models");
        var audit = await RunAsync(version, "audit", "--output", "json");
        var nodes = await RunAsync(version, "nodes", "--output", "json");

        Assert.Equal("", pushed.Error + again.Error + models.Error + audit.Error + nodes.Error);
        Assert.Equal((0, 0, 0, 0, 0), (pushed.ExitCode, again.ExitCode, models.ExitCode, audit.ExitCode, nodes.ExitCode));
        Assert.Contains("tooled@1", pushed.Output, StringComparison.Ordinal);
        Assert.Contains("(large)", pushed.Output, StringComparison.Ordinal);
        Assert.True((bool)again.Json["ok"]!);
        Assert.Contains("tooled@1", models.Output, StringComparison.Ordinal);
        Assert.Contains(audit.Json["entries"]!.AsArray(), e => (string)e!["what"]! == "version.push");
        Assert.Single(nodes.Json["nodes"]!.AsArray());
    }

    [Fact]
    public async Task Key_is_endorsed_and_a_key_that_the_cell_does_not_know_is_refused()
    {
        using var known = new PushedVersion("endorsed");
        using var unknown = new PushedVersion("unknown");
        known.TrustIn(fixture.Publishers);
        foreach (var desk in new[] { known.Desk, unknown.Desk }) await File.WriteAllTextAsync(Path.Combine(desk, "operator"), fixture.Cell.OperatorKey);

        var endorsed = await RunAsync(known, "keys", "endorse", "--key", "publisher.key", "--output", "json");
        var refused = await RunAsync(unknown, "keys", "endorse", "--key", "publisher.key");

        Assert.Equal((0, 1), (endorsed.ExitCode, refused.ExitCode));
        Assert.StartsWith("farm-", (string)endorsed.Json["farm"]!, StringComparison.Ordinal);
        Assert.Contains("Put its public key into the publishers' folder", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Errors_name_the_next_step()
    {
        using var version = new PushedVersion("wrong");
        await File.WriteAllTextAsync(Path.Combine(version.Desk, "operator"), "not the key");
        var unsigned = await RunAsync(version, "push", "wrong/1");
        await version.SignAsync();
        var forbidden = await RunAsync(version, "push", "wrong/1");
        var list = await RunAsync(version, "audit");
        var unreachable = await HybridTool.RunAsync(version.Desk, "nodes", "--cell", "http://127.0.0.1:1");
        var noFolder = await RunAsync(version, "push", "nothing/1");
        var noDuration = await RunAsync(version, "push", "wrong/1", "--wait", "soon");

        Assert.Equal((1, 1, 1, 1, 2, 2), (unsigned.ExitCode, forbidden.ExitCode, list.ExitCode, unreachable.ExitCode, noFolder.ExitCode, noDuration.ExitCode));
        Assert.Contains("push with --key FILE", unsigned.Error, StringComparison.Ordinal);
        Assert.Contains("--operator-key FILE", forbidden.Error, StringComparison.Ordinal);
        Assert.Contains("--operator-key FILE", list.Error, StringComparison.Ordinal);
        Assert.Contains("give its REST address with --cell", unreachable.Error, StringComparison.Ordinal);
        Assert.Contains("Give a version's folder", noFolder.Error, StringComparison.Ordinal);
        Assert.Contains("30s or 5m", noDuration.Error, StringComparison.Ordinal);
    }

    private Task<ToolRun> RunAsync(PushedVersion version, params string[] arguments) =>
        HybridTool.RunWithAsync(version.Desk, Publisher.Passphrase, [.. arguments, "--cell", fixture.Cell.Cell.HttpUrl, "--operator-key", "operator"]);
}
