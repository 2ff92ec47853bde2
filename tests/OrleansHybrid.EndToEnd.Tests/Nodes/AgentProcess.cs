using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using OrleansHybrid.EndToEnd.Tests.Harness;

namespace OrleansHybrid.EndToEnd.Tests.Nodes;

/// <summary>One process of the built agent, <c>hybrid node run</c>, on free ports, with all it wrote. Disposing ends it in any state.</summary>
internal sealed class AgentProcess : IAsyncDisposable
{
    public static readonly string Program = Path.Combine(RepositoryRoot.Path, "clients", "OrleansHybrid.Cli", "bin", RepositoryRoot.Configuration, "net10.0", "hybrid.dll");
    private readonly Process process;
    private readonly ConcurrentQueue<string> lines = new();

    private AgentProcess(Process process, TestCell ports) => (this.process, Ports) = (process, ports);

    /// <summary>Its ports in the form that the protocol's calls take.</summary>
    public TestCell Ports { get; }

    /// <summary>All it wrote so far.</summary>
    public string Log => string.Join('\n', lines);

    public bool HasExited => process.HasExited;

    public int ExitCode => process.ExitCode;

    public static AgentProcess Start(string data, params string[] more) => Start(data, new Dictionary<string, string>(), more);

    public static AgentProcess Start(string data, IReadOnlyDictionary<string, string> environment, params string[] more)
    {
        var ports = TestCell.Create("box");
        var start = new ProcessStartInfo("dotnet") { WorkingDirectory = Path.GetDirectoryName(data)!, RedirectStandardOutput = true, RedirectStandardError = true };
        string[] arguments = [Program, "node", "run", "--data", data, "--http", FormattableString.Invariant($"127.0.0.1:{ports.Http}"), "--grpc", FormattableString.Invariant($"127.0.0.1:{ports.Grpc}"), .. more];
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("HYBRID_", StringComparison.Ordinal)).ToArray()) start.Environment.Remove(name);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var agent = new AgentProcess(new Process { StartInfo = start }, ports);
        agent.process.OutputDataReceived += (_, line) => agent.Keep(line.Data);
        agent.process.ErrorDataReceived += (_, line) => agent.Keep(line.Data);
        agent.process.Start();
        agent.process.BeginOutputReadLine();
        agent.process.BeginErrorReadLine();
        return agent;
    }

    public async Task<AgentProcess> WaitUntilReadyAsync()
    {
        await Wait.Until(() => HasExited || Log.Contains("ready in", StringComparison.Ordinal), "the agent to be ready");
        return HasExited ? throw new InvalidOperationException($"The agent ended with code {ExitCode}.\n{Log}") : this;
    }

    /// <summary><c>GET /v1/node</c>.</summary>
    public async Task<JsonNode> NodeAsync(HttpClient http) => JsonNode.Parse(await http.GetStringAsync($"{Ports.HttpUrl}/v1/node"))!;

    /// <summary>Until it has ended by itself.</summary>
    public async Task<int> WaitForExitAsync()
    {
        using var limit = new CancellationTokenSource(Wait.Long);
        await process.WaitForExitAsync(limit.Token);
        return process.ExitCode;
    }

    public void Terminate() => Signals.Send(process.Id, Signals.Terminate);

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        if (!process.HasExited) process.Kill();
        await WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is not null) lines.Enqueue(line);
    }
}

/// <summary>What an operator asks of a cell for its boxes.</summary>
internal sealed class CellDesk(TestCell cell, TempFolder folder, HttpClient http)
{
    public async Task<string> TokenAsync(object? body = null) => (string)(await SendAsync(HttpMethod.Post, "join-tokens", JsonContent.Create(body ?? new { kind = "node" })))["token"]!;

    /// <summary>The boxes that the cell lists, by name.</summary>
    public async Task<IReadOnlyList<JsonNode>> BoxesAsync() => [.. (await SendAsync(HttpMethod.Get, "nodes?kind=device"))["nodes"]!.AsArray().Select(n => n!).OrderBy(n => (string)n["node"]!, StringComparer.Ordinal)];

    public async Task<JsonNode> SendAsync(HttpMethod method, string path, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, $"{cell.HttpUrl}/v1/{path}") { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", (await File.ReadAllTextAsync(Path.Combine(cell.DataFolder(folder.Path), "operator.key"))).Trim());
        using var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? JsonNode.Parse(text)! : throw new InvalidOperationException($"{path}: {answer.StatusCode} {text}");
    }
}
