using System.Diagnostics;
using OrleansHybrid.EndToEnd.Tests.Harness;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Nodes;

/// <summary>The agent's systemd unit.</summary>
public sealed class NodeServiceTests
{
    private static readonly string Unit = Path.Combine(RepositoryRoot.Path, "clients", "OrleansHybrid.Cli", "packaging", "hybrid-node.service");

    [Theory]
    [InlineData("DynamicUser=yes")]
    [InlineData("StateDirectory=hybrid-node")]
    [InlineData("StateDirectoryMode=0700")]
    [InlineData("Restart=always")]
    [InlineData("NoNewPrivileges=yes")]
    [InlineData("CapabilityBoundingSet=")]
    [InlineData("ProtectSystem=strict")]
    [InlineData("ProtectHome=yes")]
    [InlineData("PrivateTmp=yes")]
    [InlineData("PrivateDevices=yes")]
    [InlineData("ProtectKernelTunables=yes")]
    [InlineData("RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX")]
    [InlineData("SystemCallFilter=@system-service")]
    public void Unit_is_closed_to_what_the_agent_does_not_need(string line) => Assert.Contains(line, File.ReadAllLines(Unit));

    /// <summary>A compiler makes code while the program runs: with this line it would not start.</summary>
    [Fact]
    public void Unit_lets_the_runtime_compile() => Assert.DoesNotContain(File.ReadAllLines(Unit), l => l.StartsWith("MemoryDenyWriteExecute=", StringComparison.Ordinal));

    [SkippableFact]
    public async Task Unit_is_one_that_systemd_reads_without_a_complaint()
    {
        var program = new[] { "/usr/bin/systemd-analyze", "/bin/systemd-analyze" }.FirstOrDefault(File.Exists);
        Skip.If(program is null, "systemd-analyze is not installed.");
        using var folder = new TempFolder();
        var copy = folder.Sub("hybrid-node.service");
        // The tool looks whether the program is there.
        await File.WriteAllTextAsync(copy, (await File.ReadAllTextAsync(Unit)).Replace("/usr/local/bin/hybrid", "/bin/true", StringComparison.Ordinal));

        using var process = Process.Start(new ProcessStartInfo(program!) { ArgumentList = { "verify", "--man=no", copy }, RedirectStandardError = true })!;
        var complaints = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.DoesNotContain("hybrid-node", complaints, StringComparison.Ordinal);
        Assert.Equal(0, process.ExitCode);
    }
}
