using System.Security.Cryptography;
using OrleansHybrid.EndToEnd.Tests.Harness;
using OrleansHybrid.FleetSimulator.Answers;
using OrleansHybrid.FleetSimulator.Desk;
using OrleansHybrid.FleetSimulator.Plan;
using OrleansHybrid.FleetSimulator.Run;

namespace OrleansHybrid.EndToEnd.Tests.Simulation;

/// <summary>A cell as a process of its own with a publisher that it trusts, for simulated nodes to join.</summary>
internal sealed class SimulatorCell : IAsyncDisposable
{
    private readonly TempFolder folder = new();
    private readonly ECDsa publisher = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly HttpClient http = new() { Timeout = Wait.Long };
    private readonly TestCell cell;
    private SiloProcess process = null!;

    private SimulatorCell(string? store) => cell = TestCell.Create("central") with { Store = store };

    public CellDesk Desk { get; private set; } = null!;

    /// <param name="store">Null: the embedded one.</param>
    public static async Task<SimulatorCell> StartAsync(string? store = null)
    {
        var started = new SimulatorCell(store);
        try
        {
            await started.BeginAsync();
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    /// <summary>A number of <c>keyword</c>, pushed and in the catalogue. Returns the documents' revision that has it.</summary>
    public async Task<long> PublishAsync(int version)
    {
        var source = Path.Combine(RepositoryRoot.SampleModels, Clips.Model, "1");
        await Desk.PushAsync(await SignedVersion.MakeAsync(source, Clips.Model, version, folder.Sub("desk"), publisher, CancellationToken.None));
        return await Desk.RevisionAsync();
    }

    public async Task<SimulatedFleet> EnrolAsync(FleetPlan plan, AnswerRecording? recording = null)
    {
        var home = new FleetCell(cell.GrpcUrl, await Desk.TokensAsync(plan.Nodes.Count));
        return await SimulatedFleet.EnrolAsync(plan, new Dictionary<string, FleetCell> { [cell.Name] = home }, recording ?? AnswerRecording.Empty, TimeProvider.System, CancellationToken.None);
    }

    /// <summary>Grains activated since the cell's start, of every kind.</summary>
    public async Task<long> ActivationsAsync() => (await http.GetStringAsync(cell.HttpUrl + "/metrics")).Split('\n')
        .Where(l => l.StartsWith("orleans_catalog_activation_created", StringComparison.Ordinal))
        .Sum(l => (long)double.Parse(l.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture));

    public async ValueTask DisposeAsync()
    {
        if (process is not null) await process.DisposeAsync();
        http.Dispose();
        publisher.Dispose();
        folder.Dispose();
    }

    private async Task BeginAsync()
    {
        var publishers = Directory.CreateDirectory(folder.Sub("publishers")).FullName;
        await File.WriteAllTextAsync(Path.Combine(publishers, "models.pem"), publisher.ExportSubjectPublicKeyInfoPem());
        process = SiloProcess.Start([.. cell.Arguments(folder.Path), "--models", Directory.CreateDirectory(folder.Sub("none")).FullName, "--publishers", publishers], folder.Path);
        await process.WaitUntilReadyAsync();
        var key = await File.ReadAllTextAsync(Path.Combine(cell.DataFolder(folder.Path), "operator.key"));
        Desk = new CellDesk(http, cell.HttpUrl, key.Trim());
        await Desk.EndorseAsync(publisher);
    }
}
