using System.Text.Json.Nodes;
using OrleansHybrid.EndToEnd.Tests.Harness;
using OrleansHybrid.Grains.Tests.Routing;
using OrleansHybrid.Silo.Policies;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Routing;

/// <summary>A running cell whose policy changes under it, by its file and by the API. In one order, since revisions only grow.</summary>
public sealed class PolicyReloadTests(PolicyCell cell) : IClassFixture<PolicyCell>
{
    [Fact]
    public async Task Broken_files_in_turn_are_each_refused_with_all_errors_while_the_last_good_policy_answers()
    {
        var (serving, _) = await cell.AskAsync();
        foreach (var broken in BrokenPolicyTable.Cases)
        {
            await File.WriteAllBytesAsync(cell.File, broken.Bytes);
            var digest = PolicyCandidate.DigestOf(broken.Bytes);
            JsonNode? refused = null;
            await Wait.Until(async () => (refused = (await cell.ListAsync())["refused"])?["digest"]?.GetValue<string>() == digest, $"'{broken.Name}' to be refused");

            Assert.Equal(broken.Errors.Count, refused!["errors"]!.AsArray().Count);
            Assert.All(broken.Errors.Zip(refused["errors"]!.AsArray()), e => Assert.Contains($"expected {e.Second!["expected"]}; came {e.Second["came"]}. {e.Second["remedy"]}", e.First, StringComparison.Ordinal));
            var (revision, answer) = await cell.AskAsync();
            Assert.True(answer.Ok, answer.Text);
            Assert.Equal(serving, revision);
            Assert.Contains("cloud=excluded:R01", answer.Reason, StringComparison.Ordinal);
        }

        Assert.Equal(BrokenPolicyTable.Cases.Count, cell.Process.Log.Split('\n').Count(l => l.Contains("is refused, with", StringComparison.Ordinal)));
        await AssertMendedAsync(serving + 1);
    }

    [Fact]
    public async Task Requests_go_on_while_ten_revisions_are_applied_and_no_answer_goes_back()
    {
        const int workers = 4;
        const int each = 250;
        var from = await CurrentAsync();
        using var warm = new SemaphoreSlim(0);
        var asking = Enumerable.Range(0, workers).Select(_ => AskManyAsync(each, warm)).ToArray();

        for (var i = 1; i <= 10; i++)
        {
            for (var n = 0; n < workers * each / 12; n++) await warm.WaitAsync();
            var (status, body) = await cell.SendAsync($"/v1/policies?expected_revision={from + i - 1}", Revision(from + i));
            Assert.True(status == 200, body.ToJsonString());
        }

        var seen = await Task.WhenAll(asking);
        Assert.All(seen, revisions => Assert.Equal(revisions.Order(), revisions));
        Assert.True(seen.SelectMany(r => r).Distinct().Count() > 3, "The changes came while requests were under way.");
        Assert.Equal(from + 10, (await cell.AskAsync()).Revision);
    }

    [Fact]
    public async Task Change_over_the_api_is_checked_compared_applied_and_kept()
    {
        var from = await CurrentAsync();
        var laxer = Revision(from + 1).Replace("set:  { privacy: edge }", "set:  { privacy: any }", StringComparison.Ordinal);

        var (dryStatus, dry) = await cell.SendAsync("/v1/policies?dry_run=true", laxer);
        Assert.Equal((200, false), (dryStatus, dry["applied"]!.GetValue<bool>()));
        Assert.Contains(dry["changes"]!.AsArray(), c => (string?)c!["place"] == "rules[R01].set.privacy" && (string?)c["before"] == "edge" && (string?)c["after"] == "any");
        Assert.Equal("rules[R01]", (string?)Assert.Single(dry["laxer"]!.AsArray())!["place"]);
        Assert.Equal(from, (await cell.AskAsync()).Revision);

        Assert.Equal(403, (await cell.SendAsync("/v1/policies", Revision(from + 1), withKey: false)).Status);
        Assert.Equal(409, (await cell.SendAsync($"/v1/policies?expected_revision={from - 1}", Revision(from + 1))).Status);
        var (old, why) = await cell.SendAsync("/v1/policies", Revision(from).Replace("owner: product", "owner: sales", StringComparison.Ordinal));
        Assert.Equal((409, $"Give it revision {from + 1}"), (old, (string?)why["errors"]![0]!["remedy"]));

        var (status, applied) = await cell.SendAsync("/v1/policies", Revision(from + 1));
        Assert.Equal((200, true, from + 1), (status, applied["applied"]!.GetValue<bool>(), applied["revision"]!.GetValue<long>()));
        Assert.Equal(from + 1, (await cell.AskAsync()).Revision);
        Assert.Equal(Revision(from + 1), await cell.Http.GetStringAsync($"{cell.Cell.HttpUrl}/v1/policies/current"));
        Assert.Equal(Revision(from + 1), await cell.Http.GetStringAsync($"{cell.Cell.HttpUrl}/v1/policies/{from + 1}"));
        var list = await cell.ListAsync();
        Assert.Equal((from + 1, "operator.key"), (list["revisions"]![0]!["revision"]!.GetValue<long>(), (string?)list["revisions"]![0]!["by"]));
    }

    [Fact]
    public async Task Broken_policy_over_the_api_answers_with_every_error_and_its_place()
    {
        var from = await CurrentAsync();
        var (status, body) = await cell.SendAsync("/v1/policies", "policy: farm-default\nrevision: 0\nshed: [audit]\n");
        Assert.Equal(422, status);
        var errors = body["errors"]!.AsArray();
        Assert.Equal(["revision", "shed[0]"], errors.Select(e => (string?)e!["place"]));
        Assert.Equal((2, 11), (errors[0]!["line"]!.GetValue<int>(), errors[0]!["column"]!.GetValue<int>()));
        Assert.Equal(from, await CurrentAsync());
    }

    [Fact]
    public async Task Policy_tests_run_against_the_policy_in_force_and_against_a_draft()
    {
        const string tests = "tests: [{ name: Bedrooms stay, given: { model: keyword, tags: { room: bedroom } }, expect: { excluded: { cloud: R01 } } }]";
        var (status, body) = await cell.SendAsync("/v1/policies:test", new JsonObject { ["tests"] = tests }.ToJsonString(), "application/json");
        Assert.True(status == 200 && body["passed"]!.GetValue<bool>(), body.ToJsonString());

        var draft = new JsonObject { ["tests"] = tests, ["policy"] = "policy: p\nrevision: 1\n" };
        var failed = (await cell.SendAsync("/v1/policies:test", draft.ToJsonString(), "application/json")).Body;
        Assert.False(failed["passed"]!.GetValue<bool>());
        Assert.Equal("excluded.cloud", (string?)failed["results"]![0]!["failures"]![0]!["expectation"]);

        draft["policy"] = "policy: p\nrevision: 0\n";
        Assert.Equal(422, (await cell.SendAsync("/v1/policies:test", draft.ToJsonString(), "application/json")).Status);
    }

    private static string Revision(long revision) => PolicySample.Good.Replace("revision: 7", $"revision: {revision}", StringComparison.Ordinal);

    private async Task<long> CurrentAsync() => (await cell.ListAsync())["current"]!["revision"]!.GetValue<long>();

    private async Task<List<long>> AskManyAsync(int count, SemaphoreSlim done)
    {
        var revisions = new List<long>();
        for (var i = 0; i < count; i++)
        {
            var (revision, answer) = await cell.AskAsync();
            Assert.True(answer.Ok, answer.Text);
            revisions.Add(revision);
            done.Release();
        }

        return revisions;
    }

    /// <summary>A good text takes effect again and ends the refusal.</summary>
    private async Task AssertMendedAsync(long revision)
    {
        await File.WriteAllTextAsync(cell.File, Revision(revision));
        await Wait.Until(async () => await CurrentAsync() == revision, "the mended file to take effect");
        Assert.Null((await cell.ListAsync())["refused"]);
        Assert.Equal(revision, (await cell.AskAsync()).Revision);
    }
}
