using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Nodes;
using OrleansHybrid.EndToEnd.Tests.Access;
using OrleansHybrid.EndToEnd.Tests.Harness;
using OrleansHybrid.Links.Fleet;
using OrleansHybrid.Links.Tls;
using OrleansHybrid.Links.Upstreams;

namespace OrleansHybrid.EndToEnd.Tests.Tls;

/// <summary>A central cell over https that takes client certificates, and what tests ask of it.</summary>
internal sealed class TlsCells : IAsyncDisposable
{
    private readonly string none;

    private TlsCells()
    {
        none = Directory.CreateDirectory(Folder.Sub("none")).FullName;
        Servers = new TestAuthority(Folder, "servers");
        Clients = new TestAuthority(Folder, "clients");
        Other = new TestAuthority(Folder, "other");
        Shown = Servers.Make("central");
        Http = Servers.Client();
    }

    public TempFolder Folder { get; } = new();

    public TestAuthority Servers { get; }

    public TestAuthority Clients { get; }

    /// <summary>Nobody believes it.</summary>
    public TestAuthority Other { get; }

    /// <summary>What central shows.</summary>
    public TestCertificate Shown { get; }

    public HttpClient Http { get; }

    public RunningCell Central { get; private set; } = null!;

    /// <param name="models">Null: none.</param>
    public static async Task<TlsCells> StartAsync(string? models = null)
    {
        var cells = new TlsCells();
        cells.Central = await RunningCell.StartAsync(
            TestCell.Create("central") with { Scheme = "https" },
            cells.Folder,
            ["--auth", "required", "--models", models ?? cells.none, "--tls-certificate", cells.Shown.Certificate, "--tls-key", cells.Shown.Key, "--tls-client-ca", cells.Clients.File]);
        return cells;
    }

    /// <summary>eu-west below it, in this process.</summary>
    public Task<RunningCell> StartBelowAsync(TestAuthority believed, TestCertificate? shown, string? models = null) => RunningCell.StartAsync(
        TestCell.Create("eu-west", Central.Cell), Folder,
        ["--models", models ?? none, "--link-ca", believed.File, .. shown is null ? Array.Empty<string>() : ["--link-certificate", shown.Certificate, "--link-certificate-key", shown.Key]]);

    /// <summary>A fleet client that shows a certificate.</summary>
    public FleetClient Fleet(TestCertificate? shown, string? credential = null)
    {
        var tls = new LinkTlsFiles(Servers.File, shown?.Certificate, shown?.Key).Open(TimeProvider.System, static _ => { }, out var problem) ?? throw new InvalidOperationException(problem);
        return new FleetClient(new UpstreamOptions(Central.Cell.GrpcUrl, "eu-west", Zone.Edge) { Credential = credential, Tls = tls }, TimeProvider.System);
    }

    public async Task<(int Status, JsonNode Body)> AskAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, $"{Central.Cell.HttpUrl}/v1/{path}") { Content = body switch { null => null, string yaml => new StringContent(yaml, Encoding.UTF8, "application/yaml"), _ => JsonContent.Create(body) } };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Central.OperatorKey);
        using var answer = await Http.SendAsync(request);
        return ((int)answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!);
    }

    /// <summary>What a region says that names itself so.</summary>
    public static CheckInMessage Report(string region, long sequence) => new(
        NodeInstance.Parse("boot-" + region, ""), 1, sequence, 0, null, new RegionReport(region, Zone.Edge, NodeCounts.None, new RegionLink("up", 1, 0, 1), [], []), 0);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Central.DisposeAsync();
        foreach (var authority in new[] { Servers, Clients, Other }) authority.Dispose();
        Folder.Dispose();
    }
}
