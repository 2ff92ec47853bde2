using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.EndToEnd.Tests.Harness;
using OrleansHybrid.Grains.Routing;
using OrleansHybrid.Silo.Cells;
using OrleansHybrid.Silo.Settings;

namespace OrleansHybrid.EndToEnd.Tests.Access;

/// <summary>A cell in the test's own process, so that what it maps can be asked for.</summary>
internal sealed class RunningCell : IAsyncDisposable
{
    private readonly CellHost host;

    private RunningCell(CellHost host, TestCell cell, string folder)
    {
        (this.host, Cell) = (host, cell);
        OperatorKey = File.ReadAllText(Path.Combine(cell.DataFolder(folder), "operator.key")).Trim();
        LinkKey = File.ReadAllText(Path.Combine(cell.DataFolder(folder), "link.key")).Trim();
    }

    public TestCell Cell { get; }

    public string OperatorKey { get; }

    public string LinkKey { get; }

    public IServiceProvider Services => host.Services;

    public IEnumerable<RouteEndpoint> Endpoints => host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    /// <summary>A cell without models.</summary>
    public static Task<RunningCell> StartAsync(string name, TempFolder folder, params string[] more)
    {
        var none = Directory.CreateDirectory(folder.Sub("none")).FullName;
        return StartAsync(TestCell.Create(name), folder, [.. more, "--models", none]);
    }

    public static async Task<RunningCell> StartAsync(TestCell cell, TempFolder folder, IReadOnlyList<string> more, Action<IServiceCollection>? instead = null)
    {
        // As the program does: the embedded store blocks pool threads while it starts.
        ThreadPool.SetMinThreads(32, 32);
        var errors = new SettingErrors();
        var line = CommandLineSettings.Parse([.. cell.Arguments(folder.Path), .. more], errors);
        var settings = SettingsReader.Read(line, new Dictionary<string, string>(), folder.Path, errors);
        if (settings is null) throw new InvalidOperationException(string.Join('\n', errors.All));
        return new RunningCell(await CellHost.StartAsync(settings.Cells[0], new ProcessShare(1), TimeProvider.System, CancellationToken.None, instead), cell, folder.Path);
    }

    /// <summary>Makes the cell apply a policy from now on.</summary>
    public void Apply(PolicyConfig policy)
    {
        var compiled = PolicyCompiler.Compile(policy);
        if (compiled.Policy is null) throw new InvalidOperationException(string.Join('\n', compiled.Errors));
        host.Services.GetRequiredService<PolicyHolder>().Replace(compiled.Policy);
    }

    /// <summary>Begins to probe the link upwards and waits for the first verdict.</summary>
    public Task LinkAsync() => host.TryLinkAsync(aboveIsHere: true, TimeProvider.System);

    /// <summary>Begins to probe the link upwards and waits for a verdict, be it that it is down.</summary>
    public Task TryLinkAsync() => host.TryLinkAsync(aboveIsHere: false, TimeProvider.System);

    /// <summary>The secret of a new key, and its id.</summary>
    public async Task<(string Key, string Id)> MakeKeyAsync(HttpClient http, string tenant, params string[] roles)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Cell.HttpUrl + "/v1/keys") { Content = JsonContent.Create(new { tenant, roles, label = "test" }) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", OperatorKey);
        using var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException(text);
        using var made = JsonDocument.Parse(text);
        return (made.RootElement.GetProperty("key").GetString()!, made.RootElement.GetProperty("id").GetString()!);
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        await host.DisposeAsync();
    }
}
