namespace OrleansHybrid.EndToEnd.Tests.Harness;

/// <summary>How the cells of a farm are spread over processes. The suite passes with either.</summary>
public enum FarmShape
{
    OneProcess,
    ThreeProcesses,
}

/// <summary>central, eu-west and us-east on free ports, with state in a temporary folder that goes with the farm.</summary>
internal sealed class TestFarm : IAsyncDisposable
{
    private readonly TempFolder folder = new();
    private readonly IReadOnlyList<string> more;
    private readonly IReadOnlyDictionary<string, string> environment;
    private readonly Dictionary<string, SiloProcess> processes = [];

    private TestFarm(FarmShape shape, IReadOnlyList<string> more, IReadOnlyDictionary<string, string>? environment, Func<TestCell, RecordingProxy>? between, string? linkKey)
    {
        Shape = shape;
        this.more = more;
        this.environment = environment ?? new Dictionary<string, string>();
        Central = TestCell.Create("central");
        EuWest = TestCell.Create("eu-west", Central) with { UpstreamPort = between?.Invoke(Central).Port, LinkKey = linkKey };
        UsEast = TestCell.Create("us-east", Central) with { LinkKey = linkKey };
        if (linkKey is not null) WriteLinkKey(linkKey);
    }

    public FarmShape Shape { get; }

    public TestCell Central { get; }

    public TestCell EuWest { get; }

    public TestCell UsEast { get; }

    public string Folder => folder.Path;

    public HttpClient Http { get; } = new() { Timeout = TimeSpan.FromMinutes(2) };

    private IReadOnlyList<TestCell> Cells => [Central, EuWest, UsEast];

    /// <param name="between">Puts a recorder between eu-west and central.</param>
    /// <param name="more">Settings that all cells get beside their own, for example <c>--models</c>.</param>
    /// <param name="linkKey">Central knows the regions by it: it believes their hops and tenants.</param>
    public static async Task<TestFarm> StartAsync(
        FarmShape shape, IReadOnlyList<string>? more = null, IReadOnlyDictionary<string, string>? environment = null, Func<TestCell, RecordingProxy>? between = null, string? linkKey = null)
    {
        var farm = new TestFarm(shape, more ?? [], environment, between, linkKey);
        try
        {
            await farm.StartAllAsync();
            return farm;
        }
        catch
        {
            await farm.DisposeAsync();
            throw;
        }
    }

    /// <summary>The process that runs the cell; with one process the same for all.</summary>
    public SiloProcess ProcessOf(TestCell cell) => processes[Shape == FarmShape.OneProcess ? "farm" : cell.Name];

    /// <summary>Starts the cell's process again after it ended.</summary>
    public async Task RestartAsync(TestCell cell)
    {
        await ProcessOf(cell).DisposeAsync();
        if (Shape == FarmShape.OneProcess) StartOne();
        else StartCell(cell);
        await ProcessOf(cell).WaitUntilReadyAsync();
    }

    /// <summary>Until both regions reach central, so that a hard request has somewhere to go.</summary>
    public async Task WaitForLinksAsync()
    {
        foreach (var region in new[] { EuWest, UsEast })
        {
            await Wait.Until(async () => (await Http.GetStringAsync($"{region.HttpUrl}/v1/links")).Contains("\"health\":\"up\"", StringComparison.Ordinal), $"the link of {region.Name}");
        }
    }

    /// <summary>Until the cell's server has a request that is not answered yet.</summary>
    public Task WaitForInFlightAsync(TestCell cell) => Wait.Until(
        async () => (await Http.GetStringAsync($"{cell.HttpUrl}/metrics")).Split('\n').Any(l => l.StartsWith("http_server_active_requests{", StringComparison.Ordinal)
            && l.Contains("http_request_method=\"POST\"", StringComparison.Ordinal) && !l.EndsWith(" 0", StringComparison.Ordinal)),
        "a request in flight");

    /// <summary>Drains every process.</summary>
    public async Task StopAsync()
    {
        foreach (var process in processes.Values) process.Terminate();
        foreach (var process in processes.Values) await process.WaitForExitAsync();
    }

    public string OperatorKeyOf(TestCell cell) => File.ReadAllText(Path.Combine(cell.DataFolder(Folder), "operator.key")).Trim();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        foreach (var process in processes.Values) await process.DisposeAsync();
        folder.Dispose();
    }

    private async Task StartAllAsync()
    {
        if (Shape == FarmShape.OneProcess) StartOne();
        else foreach (var cell in Cells) StartCell(cell);
        foreach (var process in processes.Values) await process.WaitUntilReadyAsync();
    }

    /// <summary>Before central makes one of its own.</summary>
    private void WriteLinkKey(string key)
    {
        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var folder = Central.DataFolder(Folder);
        Directory.CreateDirectory(folder, owner | UnixFileMode.UserExecute);
        var file = Path.Combine(folder, "link.key");
        File.WriteAllText(file, key);
        File.SetUnixFileMode(file, owner);
    }

    private void StartOne()
    {
        var file = folder.Sub("farm.yaml");
        File.WriteAllLines(file, Cells.SelectMany(Yaml).Prepend("cells:"));
        processes["farm"] = SiloProcess.Start([.. more, "--config", file], Folder, environment);
    }

    private void StartCell(TestCell cell) => processes[cell.Name] = SiloProcess.Start([.. more, .. cell.Arguments(Folder)], Folder, environment);

    private IEnumerable<string> Yaml(TestCell cell) => cell.Settings(Folder).Select((s, i) => $"{(i == 0 ? "- " : "  ")}{s.Key}: \"{s.Value}\"");
}
