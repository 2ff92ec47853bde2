using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using OrleansHybrid.Benchmarks.Fleet;
using OrleansHybrid.Benchmarks.Throughput;
using OrleansHybrid.FleetSimulator.Desk;

namespace OrleansHybrid.Benchmarks.Publish;

/// <summary>A farm of five processes of the built programs on loopback: central, two regions below it, a box below each.</summary>
internal sealed class PublishFarm : IAsyncDisposable
{
    private const string Model = "keyword", LinkKey = "a-link-key-of-a-benchmark-0123456789";
    private static readonly TimeSpan StartMax = TimeSpan.FromMinutes(2), Look = TimeSpan.FromMilliseconds(50), PushMax = TimeSpan.FromMinutes(2);
    private readonly string folder = Directory.CreateTempSubdirectory("publish-farm-").FullName;
    private readonly ECDsa publisher = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly FleetOptions built = FleetOptions.Parse([]);
    private readonly string? programs;
    private readonly HttpClient http = new();
    private readonly List<ServerProcess> processes = [];
    private readonly List<(string Name, string Url)> places = [];

    /// <summary>Where a version should serve, in the order of their start.</summary>
    public IReadOnlyList<(string Name, string Url)> Places => places;

    private PublishFarm(string? programs) => this.programs = programs;

    private string Silo => programs is null ? built.Silo : Path.Combine(programs, "silo/OrleansHybrid.Silo");

    private string Tool => programs is null ? Path.Combine(built.Models, "../clients/OrleansHybrid.Cli/bin/Release/net10.0/hybrid") : Path.Combine(programs, "hybrid/hybrid");

    /// <param name="programs">A folder with published programs in <c>silo</c> and <c>hybrid</c>; null: those that were built here.</param>
    public static async Task<PublishFarm> StartAsync(string? programs)
    {
        var farm = new PublishFarm(programs);
        Directory.CreateDirectory(farm.Sub("none"));
        Directory.CreateDirectory(farm.Sub("publishers"));
        await File.WriteAllTextAsync(farm.Sub("publishers/bench.pem"), farm.publisher.ExportSubjectPublicKeyInfoPem());
        farm.WriteLinkKey();
        var central = await farm.CellAsync("central");
        await farm.DeskOf("central", central.Url).EndorseAsync(farm.publisher);
        foreach (var name in new[] { "eu-west", "us-east" })
        {
            var region = await farm.CellAsync(name, "--upstream", $"http://{LinkKey}@{new Uri(central.SecondUrl).Authority}");
            await farm.BoxAsync("box-" + name, region.SecondUrl, (await farm.DeskOf(name, region.Url).TokensAsync(1))[0]);
        }

        return farm;
    }

    /// <returns>Seconds from the start of the command until it ended, and until each place served.</returns>
    public async Task<(double Command, double[] Served)> PushAsync(int version)
    {
        var signed = await SignedVersion.MakeAsync(Path.Combine(built.Models, Model, "1"), Model, version, Sub("desk"), publisher, CancellationToken.None);
        var clock = Stopwatch.StartNew();
        using var push = Process.Start(new ProcessStartInfo(Tool, ["push", signed.Folder, "--cell", places[0].Url, "--operator-key", Sub("central/operator.key")]) { RedirectStandardOutput = true })!;
        var served = Task.WhenAll(places.Select(p => ServedAsync(p.Url, version, clock)));
        await push.WaitForExitAsync();
        var command = clock.Elapsed.TotalSeconds;
        return push.ExitCode == 0 ? (command, await served) : throw new InvalidOperationException($"hybrid push ended with code {push.ExitCode}.");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in Enumerable.Reverse(processes)) await process.DisposeAsync();
        http.Dispose();
        publisher.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private async Task<double> ServedAsync(string url, int version, Stopwatch clock)
    {
        var ready = string.Create(CultureInfo.InvariantCulture, $"{url}/v2/models/{Model}/versions/{version}/ready");
        while (clock.Elapsed < PushMax)
        {
            using var answer = await http.GetAsync(ready);
            if (answer.IsSuccessStatusCode) return clock.Elapsed.TotalSeconds;
            await Task.Delay(Look);
        }

        throw new TimeoutException($"Waited {PushMax} in vain for version {version} at {url}.");
    }

    private Task<ServerProcess> CellAsync(string name, params string[] more) => StartAsync(name, Silo, ports =>
        ["--cell", name, "--models", Sub("none"), "--trust", "signed", "--publishers", Sub("publishers"), "--data", Sub(name), "--http", $"127.0.0.1:{ports[0]}", "--grpc", $"127.0.0.1:{ports[1]}", "--silo-port", $"{ports[2]}", "--gateway-port", $"{ports[3]}", .. more]);

    private Task<ServerProcess> BoxAsync(string name, string cell, string token) => StartAsync(name, Tool, ports =>
        ["node", "run", "--data", Sub(name), "--http", $"127.0.0.1:{ports[0]}", "--grpc", $"127.0.0.1:{ports[1]}", "--cell", cell, "--cell-zone", "edge", "--name", name, "--token", token]);

    private async Task<ServerProcess> StartAsync(string name, string program, Func<int[], string[]> arguments)
    {
        var process = await ServerProcess.StartAsync(program, arguments, StartMax);
        processes.Add(process);
        places.Add((name, process.Url));
        return process;
    }

    private CellDesk DeskOf(string cell, string url) => new(http, url, File.ReadAllText(Sub(cell + "/operator.key")).Trim());

    private string Sub(string name) => Path.Combine(folder, name);

    /// <summary>Before central makes one of its own.</summary>
    private void WriteLinkKey()
    {
        if (OperatingSystem.IsWindows()) throw new PlatformNotSupportedException("The benchmark sets Unix file modes. Run it on Linux or macOS.");
        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Directory.CreateDirectory(Sub("central"), owner | UnixFileMode.UserExecute);
        File.WriteAllText(Sub("central/link.key"), LinkKey);
        File.SetUnixFileMode(Sub("central/link.key"), owner);
    }
}
