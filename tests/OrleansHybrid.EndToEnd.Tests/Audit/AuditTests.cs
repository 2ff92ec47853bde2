using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Grpc.Core;
using Grpc.Net.Client;
using OrleansHybrid.Domain.Audit;
using OrleansHybrid.EndToEnd.Tests.Access;
using OrleansHybrid.EndToEnd.Tests.Harness;
using OrleansHybrid.Links.Protocol;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Audit;

/// <summary>What is written down, and how it is read.</summary>
public sealed class AuditTests : IAsyncLifetime
{
    private const string Policy = "policy: test\nrevision: 3\nrules: []\n";
    private readonly TempFolder folder = new();
    private readonly TestCell settings = TestCell.Create("eu-west", TestCell.Create("central"));
    private RunningCell cell = null!;
    private AuditCalls calls = null!;

    private string Authority => FormattableString.Invariant($"127.0.0.1:{settings.Above!.Grpc}");

    public async Task InitializeAsync()
    {
        cell = await RunningCell.StartAsync(settings, folder, ["--models", RepositoryRoot.SampleModels]);
        calls = AuditCalls.Of(settings, folder.Path);
    }

    public async Task DisposeAsync()
    {
        calls.Dispose();
        await cell.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Every_change_leaves_an_entry_with_who_from_to_and_why()
    {
        var id = await calls.MakeKeyAsync("free", "für die App");
        await OkAsync(calls.SendAsync(HttpMethod.Delete, "/v1/keys/" + id, reason: "lost"));
        await OkAsync(calls.SendAsync(HttpMethod.Post, "/v1/policies", Yaml(), "first"));
        await OkAsync(calls.SendAsync(HttpMethod.Post, "/v1/policies?dry_run=true", Yaml()));
        await OkAsync(calls.SendAsync(HttpMethod.Post, "/v2/repository/models/vibration/unload", reason: "over REST"));
        await LoadByGrpcAsync("vibration", "over gRPC");
        await OkAsync(calls.SendAsync(HttpMethod.Post, $"/v1/links/{Authority}:cut", reason: "trial"));
        await OkAsync(calls.SendAsync(HttpMethod.Post, $"/v1/links/{Authority}:heal"));

        var page = await calls.ReadAsync();

        Assert.True(page.Verified);
        Assert.Equal(
            [AuditVerbs.KeyCreate, AuditVerbs.KeyRevoke, AuditVerbs.PolicyApply, AuditVerbs.ModelUnload, AuditVerbs.ModelLoad, AuditVerbs.LinkCut, AuditVerbs.LinkHeal], page.All("what"));
        Assert.Equal(["für die App", "lost", "first", "over REST", "over gRPC", "trial", ""], page.All("why"));
        Assert.All(page.All("who"), who => Assert.Equal("operator.key", who));
        Assert.Equal(["key " + id, "key " + id, "policy test", "vibration", "vibration"], page.All("subject").Take(5));
        Assert.StartsWith("revision 3 sha256:", page.All("to")[2], StringComparison.Ordinal);
        Assert.Contains("ready", page.All("from")[3], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Change_that_is_written_down_and_then_fails_has_an_entry_that_says_so()
    {
        using var answer = await calls.SendAsync(HttpMethod.Post, "/v2/repository/models/none/load");

        Assert.False(answer.IsSuccessStatusCode);
        var page = await calls.ReadAsync();
        Assert.Equal([AuditVerbs.ModelLoad, AuditVerbs.ModelLoad], page.All("what"));
        Assert.StartsWith("not made: ", page.All("why")[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_filters_and_both_orders_find_the_same_entries()
    {
        for (var i = 0; i < 105; i++) await calls.MakeKeyAsync("t" + (i % 2));
        await calls.SendAsync(HttpMethod.Post, $"/v1/links/{Authority}:cut");

        foreach (var order in new[] { "oldest", "newest" })
        {
            var all = new List<string>();
            long? after = null;
            do
            {
                var page = await calls.ReadAsync($"?order={order}&rows=20" + (after is null ? "" : FormattableString.Invariant($"&after={after}")));
                all.AddRange(page.All("sequence"));
                after = page.Next;
            }
            while (after is not null);

            var expected = Enumerable.Range(1, 106).Select(n => n.ToString(System.Globalization.CultureInfo.InvariantCulture));
            Assert.Equal(order == "oldest" ? expected : expected.Reverse(), all);
        }

        Assert.Equal(["106"], (await calls.ReadAsync("?what=link")).All("sequence"));
        Assert.Equal(["106"], (await calls.ReadAsync("?what=link.cut&who=operator.key&rows=1")).All("sequence"));
        Assert.Empty((await calls.ReadAsync("?since=2100-01-01T00:00:00Z")).Entries);
        Assert.Equal(HttpStatusCode.BadRequest, (await calls.SendAsync(HttpMethod.Get, "/v1/audit?what=link.cutt")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await calls.SendAsync(HttpMethod.Get, "/v1/audit?order=up")).StatusCode);
    }

    /// <summary>The script of the reference, as it stands there.</summary>
    [Fact]
    public async Task Script_of_the_reference_agrees_and_finds_an_altered_entry()
    {
        await calls.MakeKeyAsync("free", "ä\n\"€😀");
        await calls.MakeKeyAsync("free");
        var page = await calls.ReadAsync();
        var text = await File.ReadAllTextAsync(Path.Combine(RepositoryRoot.Path, "docs", "reference", "audit.md"));
        var script = text.Split("```python\n")[1].Split("```")[0];

        Assert.Equal((0, "2 entries hold, the last is 2"), await PythonAsync(script, page.Text));
        var (code, said) = await PythonAsync(script, page.Text.Replace("tenant free", "tenant fred", StringComparison.Ordinal));
        Assert.Equal(1, code);
        Assert.StartsWith("broken from entry 1", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Page_lists_every_verb() => ReferencePage.AssertHolds(
        "audit.md", "verbs", ["| verb |", "|---|", .. AuditVerbs.All.Order(StringComparer.Ordinal).Select(v => $"| `{v}` |")]);

    private static StringContent Yaml() => new(Policy, Encoding.UTF8, MediaTypeHeaderValue.Parse("application/yaml"));

    private static async Task OkAsync(Task<HttpResponseMessage> sent)
    {
        using var answer = await sent;
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static async Task<(int Code, string Said)> PythonAsync(string script, string input)
    {
        using var python = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("python3", ["-c", script]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        await python.StandardInput.BaseStream.WriteAsync(Encoding.UTF8.GetBytes(input));
        python.StandardInput.Close();
        var said = await python.StandardOutput.ReadToEndAsync();
        await python.WaitForExitAsync();
        return (python.ExitCode, said.Trim());
    }

    private async Task LoadByGrpcAsync(string model, string reason)
    {
        using var channel = GrpcChannel.ForAddress(settings.GrpcUrl);
        var headers = new Metadata { { "authorization", "Bearer " + cell.OperatorKey }, { "hybrid-reason", Uri.EscapeDataString(reason) } };
        await new GRPCInferenceService.GRPCInferenceServiceClient(channel).RepositoryModelLoadAsync(new RepositoryModelLoadRequest { ModelName = model }, headers);
    }
}
