using System.Collections.Concurrent;
using System.Diagnostics;

namespace OrleansHybrid.EndToEnd.Tests.Harness;

/// <summary>One process of the built silo program, with all it wrote. Signals go to its own id; disposing ends it in any state.</summary>
internal sealed class SiloProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly ConcurrentQueue<string> output = new();
    private readonly ConcurrentQueue<string> problems = new();

    private SiloProcess(Process process) => this.process = process;

    public int Id => process.Id;

    public bool HasExited => process.HasExited;

    public int ExitCode => process.ExitCode;

    /// <summary>Standard output so far.</summary>
    public string Output => string.Join('\n', output);

    /// <summary>Standard error so far: the log.</summary>
    public string Log => string.Join('\n', problems);

    public static SiloProcess Start(IEnumerable<string> arguments, string folder, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo("dotnet") { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.ArgumentList.Add(RepositoryRoot.SiloProgram);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("HYBRID_", StringComparison.Ordinal)).ToArray()) start.Environment.Remove(name);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;

        var silo = new SiloProcess(new Process { StartInfo = start });
        silo.process.OutputDataReceived += (_, line) => Keep(silo.output, line.Data);
        silo.process.ErrorDataReceived += (_, line) => Keep(silo.problems, line.Data);
        silo.process.Start();
        silo.process.BeginOutputReadLine();
        silo.process.BeginErrorReadLine();
        return silo;
    }

    /// <summary>Until the start table says ready; a process that ends instead fails with what it wrote.</summary>
    public async Task WaitUntilReadyAsync()
    {
        await Wait.Until(() => HasExited || output.Any(l => l.StartsWith("ready in", StringComparison.Ordinal)), $"process {Id} to be ready");
        if (HasExited) throw new InvalidOperationException($"The silo ended with code {ExitCode} instead of getting ready.\n{Output}\n{Log}");
    }

    public async Task<int> WaitForExitAsync(TimeSpan? bound = null)
    {
        using var limit = new CancellationTokenSource(bound ?? Wait.Long);
        await process.WaitForExitAsync(limit.Token);
        return process.ExitCode;
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        if (!process.HasExited) process.Kill();
        await WaitForExitAsync();
    }

    public void Terminate() => Signals.Send(Id, Signals.Terminate);

    /// <summary>SIGSTOP: the process is there, its sockets are open, and nothing answers.</summary>
    public void Stop() => Signals.Send(Id, Signals.Stop);

    public void Continue() => Signals.Send(Id, Signals.Continue);

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        process.Dispose();
    }

    private static void Keep(ConcurrentQueue<string> lines, string? line)
    {
        if (line is not null) lines.Enqueue(line);
    }
}
