using System.Diagnostics;
using System.Text.Json.Nodes;
using OrleansHybrid.EndToEnd.Tests.Harness;

namespace OrleansHybrid.EndToEnd.Tests.Bundles;

/// <summary>How one run of the built <c>hybrid</c> ended.</summary>
internal sealed record ToolRun(int ExitCode, string Output, string Error)
{
    public JsonObject Json => JsonNode.Parse(Output)!.AsObject();
}

/// <summary>Runs the built command line tool as a process, without a terminal.</summary>
internal static class HybridTool
{
    private static readonly string Program = Path.Combine(RepositoryRoot.Path, "clients", "OrleansHybrid.Cli", "bin", RepositoryRoot.Configuration, "net10.0", "hybrid.dll");

    public static Task<ToolRun> RunAsync(string folder, params string[] arguments) => RunWithAsync(folder, null, arguments);

    /// <param name="passphrase">For HYBRID_PASSPHRASE; null: not set.</param>
    public static async Task<ToolRun> RunWithAsync(string folder, string? passphrase, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments.Prepend(Program)) start.ArgumentList.Add(argument);
        start.Environment.Remove("HYBRID_PASSPHRASE");
        if (passphrase is not null) start.Environment["HYBRID_PASSPHRASE"] = passphrase;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        using var limit = new CancellationTokenSource(Wait.Long);
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var error = process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        return new ToolRun(process.ExitCode, await output, await error);
    }
}
