using System.Net;
using System.Net.Sockets;
using OrleansHybrid.EndToEnd.Tests.Harness;
using OrleansHybrid.Silo.Settings;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Cells;

/// <summary>What keeps the program from starting is one clear line with the remedy and a code that is not zero.</summary>
public sealed class StartRefusalTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Bad_settings_are_told_one_a_line_with_code_2()
    {
        await using var silo = SiloProcess.Start(["--zone", "clod", "--http", "x"], folder.Path);

        Assert.Equal(2, await silo.WaitForExitAsync());
        Assert.Equal(2, silo.Log.Split('\n').Length);
        AssertClear(silo.Log, "error: --zone: 'clod' is not allowed. Use one of: edge, cloud. Did you mean cloud?");
    }

    [Theory]
    [InlineData("--http")]
    [InlineData("--grpc")]
    [InlineData("--silo-port")]
    [InlineData("--gateway-port")]
    public async Task A_taken_port_is_named_with_its_setting(string setting)
    {
        var cell = TestCell.Create("central");
        var port = setting switch { "--http" => cell.Http, "--grpc" => cell.Grpc, "--silo-port" => cell.Silo, _ => cell.Gateway };
        using var taken = new TcpListener(IPAddress.Loopback, port);
        taken.Start();

        await using var silo = SiloProcess.Start(cell.Arguments(folder.Path), folder.Path);

        Assert.Equal(1, await silo.WaitForExitAsync());
        AssertClear(silo.Log, $"error: {setting}: cell 'central' cannot listen on 127.0.0.1:{port}: the port is taken.");
    }

    [Fact]
    public async Task An_unreachable_redis_is_told_within_seconds()
    {
        var cell = TestCell.Create("central") with { Store = $"redis://127.0.0.1:{FreePorts.Take()}" };

        await using var silo = SiloProcess.Start(cell.Arguments(folder.Path), folder.Path);

        Assert.Equal(1, await silo.WaitForExitAsync(TimeSpan.FromSeconds(30)));
        AssertClear(silo.Log, $"error: --store: {cell.Store} did not answer");
    }

    [Fact]
    public async Task A_state_folder_that_others_can_read_is_refused()
    {
        var cell = TestCell.Create("central") with { Data = folder.Sub("open") };
        Directory.CreateDirectory(cell.Data!, (UnixFileMode)0b111_101_101);

        await using var silo = SiloProcess.Start(cell.Arguments(folder.Path), folder.Path);

        Assert.Equal(1, await silo.WaitForExitAsync());
        AssertClear(silo.Log, "others can enter it. Close it with: chmod -R go=");
    }

    [Fact]
    public async Task Help_lists_every_setting()
    {
        await using var silo = SiloProcess.Start(["--help"], folder.Path);

        Assert.Equal(0, await silo.WaitForExitAsync());
        Assert.All(SettingTable.All, s => Assert.Contains(s.Flag, silo.Output));
    }

    private static void AssertClear(string log, string line)
    {
        Assert.Contains(line, log);
        Assert.DoesNotContain("   at ", log);
        Assert.DoesNotContain("Exception", log);
    }
}
