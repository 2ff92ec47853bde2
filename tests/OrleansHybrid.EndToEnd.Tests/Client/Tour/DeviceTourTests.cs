using System.Text.Json;
using OrleansHybrid.EndToEnd.Tests.Harness;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Client.Tour;

/// <summary>The README's device tour, as a stranger takes it: an empty console project, the package, the lines of the page.</summary>
public sealed class DeviceTourTests
{
    private const string Unshare = "/usr/bin/unshare";
    private const string Strace = "/usr/bin/strace";

    [SkippableFact]
    public async Task Ten_lines_are_answered_in_three_zones_then_without_the_cells_then_without_a_socket()
    {
        using var app = await ConsoleApp.MakeAsync();
        await using (var farm = await TestFarm.StartAsync(FarmShape.OneProcess))
        {
            await farm.WaitForLinksAsync();
            Assert.InRange(ReadmeTour.ThreeZones.Count(c => c == '\n'), 1, 10);
            await app.BuildAsync(ReadmeTour.ThreeZones.Replace("http://127.0.0.1:8011", farm.EuWest.GrpcUrl, StringComparison.Ordinal));

            var answers = await app.RunAsync();

            Assert.Collection(
                answers,
                a => Assert.StartsWith($"{Device.EasyLabel} (1.000) from device {Environment.MachineName}, tiny-int8", a, StringComparison.Ordinal),
                a => Assert.StartsWith($"{Device.EasyLabel} (1.000) from edge eu-west, tiny-int8", a, StringComparison.Ordinal),
                a => Assert.Contains("from cloud central, large", a, StringComparison.Ordinal));
            await farm.StopAsync();
        }

        var alone = await app.RunAsync();

        Assert.Equal(3, alone.Length);
        Assert.All(alone, a => Assert.Contains($"from device {Environment.MachineName}, tiny-int8", a, StringComparison.Ordinal));
        Assert.Equal([false, true, true], alone.Select(a => a.EndsWith(", degraded", StringComparison.Ordinal)));
        OnlyTheSerializerAttributesOfOrleansAreThere(app);
        await NoSocketIsOpened(app);
    }

    /// <summary>Domain's records carry attributes; the package that holds them is all of Orleans that an app gets.</summary>
    private static void OnlyTheSerializerAttributesOfOrleansAreThere(ConsoleApp app)
    {
        using var assets = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(app.Project, "obj", "project.assets.json")));
        var packages = assets.RootElement.GetProperty("libraries").EnumerateObject().Select(l => l.Name.Split('/')[0]).ToArray();

        Assert.Equal(["Microsoft.Orleans.Serialization.Abstractions"], packages.Where(p => p.Contains("Orleans.", StringComparison.Ordinal) && !p.StartsWith("OrleansHybrid.", StringComparison.Ordinal)));
        Assert.Equal(
            ["OrleansHybrid.Client", "OrleansHybrid.Domain", "OrleansHybrid.Inference", "OrleansHybrid.Links", "OrleansHybrid.Yaml"],
            packages.Where(p => p.StartsWith("OrleansHybrid.", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(packages, p => p.Contains("AspNetCore", StringComparison.Ordinal));
    }

    /// <summary>In a network namespace of its own, where even loopback is down, with every call that makes a socket written down by the kernel's tracer.</summary>
    private static async Task NoSocketIsOpened(ConsoleApp app)
    {
        if (!File.Exists(Unshare) || !File.Exists(Strace))
        {
            if (Environment.GetEnvironmentVariable("CI") == "true") throw new InvalidOperationException("unshare or strace is not installed, and CI must test with them.");
            Skip.If(true, "unshare or strace is not installed");
        }

        await app.BuildAsync(ReadmeTour.OnlyOnDevice);
        var trace = app.Sub("sockets.txt");
        // Without the runtime's own diagnostics port, a unix socket that debuggers use, whatever opens one is the program.
        var quiet = new Dictionary<string, string> { ["DOTNET_EnableDiagnostics"] = "0" };

        var answer = await Command.RunAsync(Unshare, app.RunFolder, ["--net", "--map-root-user", Strace, "-f", "-qq", "-e", "trace=socket,socketpair,connect,bind,sendto,sendmsg", "-e", "signal=none", "-o", trace, "dotnet", app.Program], quiet);

        Assert.Contains($"from device {Environment.MachineName}, tiny-int8", answer, StringComparison.Ordinal);
        Assert.Equal("", File.ReadAllText(trace));
    }
}
