using System.Text.Json.Nodes;
using OrleansHybrid.EndToEnd.Tests.Bundles;
using OrleansHybrid.EndToEnd.Tests.Nodes;

namespace OrleansHybrid.EndToEnd.Tests.Harness;

/// <summary>Central, regions below it and boxes below those, as processes of the built programs that trust one publisher: a whole farm for a story.</summary>
/// <remarks>Every cell takes signed versions alone and has none before one is pushed.</remarks>
internal sealed class StoryFarm : IAsyncDisposable
{
    private const string LinkKey = "a-link-key-of-this-farm-0123456789";
    private readonly TempFolder folder = new();
    private readonly List<IAsyncDisposable> started = [];
    private readonly Dictionary<string, SiloProcess> processes = [];

    private StoryFarm()
    {
        Desk = new KeywordDesk(folder.Sub("desk"));
        Central = TestCell.Create("central");
        WriteLinkKey();
        Directory.CreateDirectory(folder.Sub("none"));
    }

    public KeywordDesk Desk { get; }

    public TestCell Central { get; }

    public HttpClient Http { get; } = new() { Timeout = Wait.Long };

    public string Folder => folder.Path;

    public string Sub(string name) => folder.Sub(name);

    /// <summary>Central runs, and a publisher is trusted everywhere.</summary>
    public static async Task<StoryFarm> StartAsync()
    {
        var farm = new StoryFarm();
        try
        {
            await farm.TrustAsync();
            await farm.StartAsync(farm.Central);
            return farm;
        }
        catch
        {
            await farm.DisposeAsync();
            throw;
        }
    }

    public TestCell NewRegion(string name) => TestCell.Create(name, Central) with { LinkKey = LinkKey };

    /// <summary>The process that runs the cell.</summary>
    public SiloProcess ProcessOf(TestCell cell) => processes[KeyOf(cell)];

    /// <param name="clock">By how much the process' clock is moved.</param>
    public async Task<SiloProcess> StartAsync(TestCell cell, TimeSpan? clock = null, params string[] more)
    {
        var process = SiloProcess.Start([.. cell.Arguments(Folder), "--models", Sub("none"), "--trust", "signed", "--publishers", Sub("publishers"), .. more], Folder, ClockOf(clock));
        started.Add(process);
        processes[KeyOf(cell)] = process;
        await process.WaitUntilReadyAsync();
        return process;
    }

    /// <summary>kill -9, and the same again.</summary>
    public async Task<SiloProcess> RestartAsync(TestCell cell, TimeSpan? clock = null)
    {
        await ProcessOf(cell).KillAsync();
        return await StartAsync(cell, clock);
    }

    /// <summary>SIGTERM, so that nothing counted is lost, and the same again.</summary>
    public async Task<SiloProcess> RestartInOrderAsync(TestCell cell, TimeSpan? clock = null)
    {
        ProcessOf(cell).Terminate();
        await ProcessOf(cell).WaitForExitAsync();
        return await StartAsync(cell, clock);
    }

    /// <summary>A box that enrols below a cell with a fresh join token.</summary>
    public Task<AgentProcess> JoinAsync(string name, TestCell cell, params string[] more) => JoinAsync(name, cell, null, more);

    public async Task<AgentProcess> JoinAsync(string name, TestCell cell, TimeSpan? clock, params string[] more) =>
        await RunAgentAsync(name, clock, ["--cell", cell.GrpcUrl, "--cell-zone", cell.Above is null ? "cloud" : "edge", "--name", name, "--token", await DeskOf(cell).TokenAsync(), .. more]);

    /// <summary>A box that is enrolled already.</summary>
    public async Task<AgentProcess> RunAgentAsync(string name, TimeSpan? clock = null, params string[] more)
    {
        var agent = AgentProcess.Start(Sub(name), ClockOf(clock), more);
        started.Add(agent);
        return await agent.WaitUntilReadyAsync();
    }

    public CellDesk DeskOf(TestCell cell) => new(cell, folder, Http);

    /// <summary>The one command. The version's folder is there.</summary>
    /// <param name="from">Central with another data folder, restored say.</param>
    public Task<ToolRun> PushAsync(int version, TestCell? from = null) => HybridTool.RunWithAsync(
        Desk.Folder, KeywordDesk.Passphrase, "push", FormattableString.Invariant($"{Clips.Model}/{version}"), "--key", "publisher.key", "--endorse", "--wait", "60s",
        "--cell", Central.HttpUrl, "--operator-key", Path.Combine((from ?? Central).DataFolder(Folder), "operator.key"));

    /// <summary><c>GET /v1/…</c> of a cell.</summary>
    public async Task<JsonNode> GetAsync(TestCell cell, string path) => JsonNode.Parse(await Http.GetStringAsync($"{cell.HttpUrl}/v1/{path}"))!;

    /// <summary>The cell's audit entries of one verb, oldest first.</summary>
    public async Task<IReadOnlyList<JsonNode>> AuditAsync(TestCell cell, string verb) =>
        [.. (await DeskOf(cell).SendAsync(HttpMethod.Get, $"audit?what={verb}&order=oldest&rows=1000"))["entries"]!.AsArray().Select(e => e!)];

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        foreach (var process in Enumerable.Reverse(started)) await process.DisposeAsync();
        folder.Dispose();
    }

    private static string KeyOf(TestCell cell) => FormattableString.Invariant($"{cell.Name} {cell.Http}");

    private static Dictionary<string, string> ClockOf(TimeSpan? clock) => clock is { } offset ? new() { ["HYBRID_CLOCK_OFFSET"] = offset.ToString("c") } : [];

    private async Task TrustAsync()
    {
        var made = await HybridTool.RunWithAsync(Desk.Folder, KeywordDesk.Passphrase, "keys", "make", "--out", "publisher.key");
        if (made.ExitCode != 0) throw new InvalidOperationException(made.Error);
        Directory.CreateDirectory(Sub("publishers"));
        File.Copy(Path.Combine(Desk.Folder, "publisher.key.pub"), Path.Combine(Sub("publishers"), "desk.pub"));
    }

    /// <summary>Before central makes one of its own.</summary>
    private void WriteLinkKey()
    {
        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var data = Central.DataFolder(Folder);
        Directory.CreateDirectory(data, owner | UnixFileMode.UserExecute);
        var file = Path.Combine(data, "link.key");
        File.WriteAllText(file, LinkKey);
        File.SetUnixFileMode(file, owner);
    }
}
