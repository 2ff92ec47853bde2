using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Nodes;
using OrleansHybrid.EndToEnd.Tests.Access;
using OrleansHybrid.EndToEnd.Tests.Harness;
using OrleansHybrid.Links.Fleet;
using OrleansHybrid.Links.Upstreams;
using StackExchange.Redis;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Nodes;

/// <summary>A box's life over the fleet protocol: token, credential, check-ins, revocation; and a region's.</summary>
public sealed class EnrolTests : IAsyncLifetime
{
    private readonly TempFolder folder = new();
    private readonly HttpClient http = new() { Timeout = Wait.Long };
    private RunningCell cell = null!;

    public async Task InitializeAsync() => cell = await RunningCell.StartAsync("central", folder, "--auth", "required", "--labels", "rack=a1,site=north");

    public async Task DisposeAsync()
    {
        http.Dispose();
        await cell.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Box_enrols_checks_in_is_listed_and_is_refused_once_revoked()
    {
        var enrolled = await EnrolAsync(await TokenAsync(new { kind = "node", labels = new { site = "south" } }), "box-7");
        using var client = Client(enrolled.Credential);
        var file = new NodeIdentityFile(folder.Sub("node.json"));
        file.Write(new StoredNode(enrolled.Credential, enrolled.Name, enrolled.Cell, enrolled.Zone, enrolled.Farm, NodeIdentityFile.NewBoot(), [], 0, false));
        var loop = new CheckInLoop(client, file, file.Begin(file.Read()!), Report, TimeProvider.System, seed: 1);

        var next = await loop.CheckInAsync(default);

        Assert.Equal(("box-7", "central", "device"), (enrolled.Name, enrolled.Cell, enrolled.Zone));
        Assert.InRange(next.TotalSeconds, 1.6, 2.4);
        var node = Assert.Single(await NodesAsync("?label=site:south&kind=device&stage=serving"));
        Assert.Equal(("box-7", "healthy"), (Text(node, "node"), Text(node, "health")));
        Assert.Equal("unmeasured", node.GetProperty("energy").GetProperty("joules_per1000").GetString());

        Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Post, "/v1/nodes/box-7:revoke")).StatusCode);
        InferenceFailure? failure = null;
        loop.Failed += f => failure = f;
        await loop.CheckInAsync(default);
        Assert.Equal(FailureCode.Unauthenticated, failure?.Code);
        Assert.Contains("revoked", failure!.Message, StringComparison.Ordinal);
        Assert.Empty(await NodesAsync("?kind=device"));
    }

    [Fact]
    public async Task Token_that_is_wrong_used_up_or_for_a_living_nodes_name_is_refused_with_what_to_do()
    {
        var token = await TokenAsync(new { kind = "node", uses = 2 });
        var first = await EnrolAsync(token, "box-1");
        using (var client = Client(first.Credential)) Assert.Equal(CheckInVerdict.Accepted, (await CheckInAsync(client, "b1", "", 1)).Verdict);

        var taken = await EnrolAsync(token, "box-1");
        await EnrolAsync(token, "box-2");
        var used = await EnrolAsync(token, "box-3");
        var wrong = await EnrolAsync(token[..^20] + "0000" + token[^16..], "box-4");
        var nonsense = await EnrolAsync("something", "box-5");

        Assert.Contains("Take another name", taken.Failure?.Message, StringComparison.Ordinal);
        Assert.Contains("used up", used.Failure?.Message, StringComparison.Ordinal);
        Assert.NotNull(wrong.Failure);
        Assert.Contains("hyj_", nonsense.Failure?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_copies_of_an_identity_are_told_apart()
    {
        var enrolled = await EnrolAsync(await TokenAsync(new { kind = "node" }), "box-1");
        using var client = Client(enrolled.Credential);
        await CheckInAsync(client, "b1", "", 1);

        var one = await CheckInAsync(client, "copy-a", "b1", 2);
        var other = await CheckInAsync(client, "copy-b", "b1", 2);

        Assert.Equal(CheckInVerdict.Accepted, one.Verdict);
        Assert.Equal(FailureCode.Forbidden, other.Failure?.Code);
        Assert.Contains("Another copy", other.Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silo_is_a_node_with_its_labels_and_runtime()
    {
        JsonElement[] nodes = [];
        await Wait.Until(async () => (nodes = await NodesAsync("?kind=silo&label=rack:a1&health=healthy")).Length == 1, "the silo to be listed");

        var attributes = nodes[0].GetProperty("attributes");
        Assert.Equal("north", attributes.GetProperty("labels").GetProperty("site").GetString());
        Assert.NotEqual("", Text(attributes, "runtime_version"));
        Assert.Equal(JsonValueKind.Null, attributes.GetProperty("battery_percent").ValueKind);
    }

    [Fact]
    public async Task Region_reports_to_central_by_its_link_key()
    {
        var below = TestCell.Create("eu-west", cell.Cell) with { LinkKey = cell.LinkKey };
        await using var region = await RunningCell.StartAsync(below, folder, ["--models", Directory.CreateDirectory(folder.Sub("none")).FullName]);
        await region.LinkAsync();
        JsonElement found = default;
        await Wait.Until(async () => (found = await JsonAsync("/v1/regions")).GetProperty("regions").EnumerateArray().Any(r => r.GetProperty("nodes").GetProperty("rows").GetArrayLength() > 0), "the region to report its silo");

        var one = found.GetProperty("regions")[0];
        Assert.Equal(("eu-west", "healthy"), (Text(one, "region"), Text(one, "health")));
        Assert.Equal("eu-west", Text((await JsonAsync("/v1/nodes")).GetProperty("regions").GetProperty("counts")[0], "region"));
    }

    [SkippableFact]
    public async Task Unchanged_check_ins_do_not_write_to_the_store()
    {
        Skip.If(RedisServer.Program is null, "redis-server is not installed.");
        await using var redis = await RedisServer.StartAsync();
        var own = TestCell.Create("stored") with { Store = redis.Address };
        await using var stored = await RunningCell.StartAsync(own, folder, ["--models", Directory.CreateDirectory(folder.Sub("none")).FullName]);
        var enrolled = await EnrolAsync(await TokenAsync(new { kind = "node" }, stored), "box-1", stored);
        using var client = Client(enrolled.Credential, stored);
        await CheckInAsync(client, "b1", "", 1);
        using var reader = await ConnectionMultiplexer.ConnectAsync(FormattableString.Invariant($"127.0.0.1:{redis.Port}"));
        var key = (await reader.GetServer(reader.GetEndPoints()[0]).KeysAsync(pattern: "*edge-node*box-1*").ToArrayAsync()).Single();
        var before = await reader.GetDatabase().HashGetAllAsync(key);

        for (var i = 2; i <= 200; i++) Assert.Equal(CheckInVerdict.Accepted, (await client.CheckInAsync(new CheckInMessage(new NodeInstance("b1", []), 1, i, 0, null, null, 1), default)).Verdict);

        // Its version in the store counts every write.
        Assert.Equal(before, await reader.GetDatabase().HashGetAllAsync(key));
    }

    private static NodeReport Report() => new(default, NodeKind.Device, Zone.Device, 0, 0, "", [], 1 << 30, 4)
    {
        Attributes = NodeAttributes.Unknown, Versions = [new NodeVersion("keyword", 1, "tiny-int8", "sha256:b", NodeVersionStage.Serving, 3, "")],
    };

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString() ?? "";

    private static ValueTask<CheckInAnswer> CheckInAsync(FleetClient client, string boot, string previous, long sequence) =>
        client.CheckInAsync(new CheckInMessage(NodeInstance.Parse(boot, previous), 1, sequence, 0, Report(), null, 0), default);

    private FleetClient Client(string? credential, RunningCell? of = null) =>
        new(new UpstreamOptions((of ?? cell).Cell.GrpcUrl, "box", Zone.Device) { Credential = credential }, TimeProvider.System);

    private async Task<EnrolAnswer> EnrolAsync(string token, string name, RunningCell? of = null)
    {
        using var client = Client(null, of);
        return await client.EnrolAsync(new Enrolment(token, name, "", NodeAttributes.Unknown, 1 << 30, 4), default);
    }

    private async Task<string> TokenAsync(object body, RunningCell? of = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, (of ?? cell).Cell.HttpUrl + "/v1/join-tokens") { Content = JsonContent.Create(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", (of ?? cell).OperatorKey);
        using var answer = await http.SendAsync(request);
        using var made = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return Text(made.RootElement, "token");
    }

    private async Task<JsonElement[]> NodesAsync(string query) => [.. (await JsonAsync("/v1/nodes" + query)).GetProperty("nodes").EnumerateArray()];

    private async Task<JsonElement> JsonAsync(string path)
    {
        using var answer = await SendAsync(HttpMethod.Get, path);
        using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return document.RootElement.Clone();
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, cell.Cell.HttpUrl + path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", cell.OperatorKey);
        return await http.SendAsync(request);
    }
}
