using System.Globalization;
using System.Security.Cryptography;
using OrleansHybrid.Benchmarks.Throughput;
using OrleansHybrid.FleetSimulator.Desk;

namespace OrleansHybrid.Benchmarks.Fleet;

/// <summary>A fresh cell as a process, with a publisher that it trusts, and what the benchmark asks of it.</summary>
internal sealed class CellUnderTest : IAsyncDisposable
{
    private static readonly TimeSpan StartMax = TimeSpan.FromMinutes(2);
    private readonly ServerProcess process;
    private readonly HttpClient http;
    private readonly ECDsa publisher;
    private readonly string folder;
    private readonly string models;

    private CellUnderTest(ServerProcess process, HttpClient http, ECDsa publisher, CellDesk desk, string folder, string models, string grpc) =>
        (this.process, this.http, this.publisher, Desk, this.folder, this.models, Grpc) = (process, http, publisher, desk, folder, models, grpc);

    public string Grpc { get; }

    public CellDesk Desk { get; }

    /// <param name="store">Null: the embedded one.</param>
    public static async Task<CellUnderTest> StartAsync(FleetOptions options, string? store = null)
    {
        var folder = Directory.CreateTempSubdirectory("fleet-cell-").FullName;
        var publisher = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await File.WriteAllTextAsync(Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "publishers")).FullName, "bench.pem"), publisher.ExportSubjectPublicKeyInfoPem());
        var (none, data, grpc) = (Directory.CreateDirectory(Path.Combine(folder, "none")).FullName, Path.Combine(folder, "data"), "");
        var process = await ServerProcess.StartAsync(options.Silo, ports =>
        {
            grpc = $"http://127.0.0.1:{ports[1]}";
            string[] arguments = ["--cell", "central", "--models", none, "--data", data, "--publishers", Path.Combine(folder, "publishers"), "--http", $"127.0.0.1:{ports[0]}", "--grpc", $"127.0.0.1:{ports[1]}", "--silo-port", $"{ports[2]}", "--gateway-port", $"{ports[3]}"];
            return store is null ? arguments : [.. arguments, "--store", store];
        }, StartMax);
        var http = new HttpClient();
        var desk = new CellDesk(http, process.Url, (await File.ReadAllTextAsync(Path.Combine(data, "operator.key"))).Trim());
        await desk.EndorseAsync(publisher);
        return new CellUnderTest(process, http, publisher, desk, folder, options.Models, grpc);
    }

    public async Task PublishAsync(int version) =>
        await Desk.PushAsync(await SignedVersion.MakeAsync(Path.Combine(models, "keyword", "1"), "keyword", version, Path.Combine(folder, "desk"), publisher, CancellationToken.None));

    public TimeSpan ProcessorTime => process.ProcessorTime;

    /// <summary>Resident memory of the process, KiB.</summary>
    public long ResidentKib()
    {
        var line = File.ReadLines($"/proc/{process.Id}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }

    /// <summary>Activations made since the start, of all grains.</summary>
    public async Task<long> ActivationsAsync() =>
        (await http.GetStringAsync(process.Url + "/metrics")).Split('\n').Where(l => l.StartsWith("orleans_catalog_activation_created", StringComparison.Ordinal))
            .Sum(l => (long)double.Parse(l.Split(' ')[1], CultureInfo.InvariantCulture));

    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        http.Dispose();
        publisher.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}
