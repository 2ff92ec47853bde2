using OrleansHybrid.EndToEnd.Tests.Bundles;
using OrleansHybrid.EndToEnd.Tests.Harness;
using OrleansHybrid.EndToEnd.Tests.Tamper;

namespace OrleansHybrid.EndToEnd.Tests.Kill;

/// <summary>The farm's authority as a process.</summary>
public sealed class KilledCell : KilledPlace
{
    private readonly TestCell cell = TestCell.Create("central");
    private SiloProcess? silo;

    internal override string Name => "the cell";

    internal override string Log => silo!.Log[^Math.Min(silo.Log.Length, 4000)..];

    internal override string Bundles => Path.Combine(cell.DataFolder(Folder.Path), "bundles");

    private PushCalls Calls => new(Http, cell, File.ReadAllText(Path.Combine(cell.DataFolder(Folder.Path), "operator.key")).Trim());

    public override async Task InitializeAsync()
    {
        Publisher.TrustIn(Path.Combine(Folder.Path, "state", "publishers"));
        Directory.CreateDirectory(Folder.Sub("none"));
        Begin();
        await ReadyAsync();
        await Calls.EndorseAsync(Publisher);
        await AdvanceAsync();
        await AdvanceAsync();
    }

    public override async Task DisposeAsync()
    {
        if (silo is not null) await silo.DisposeAsync();
        Http.Dispose();
        Publisher.Dispose();
        Folder.Dispose();
    }

    internal override void Begin() => silo = SiloProcess.Start([.. cell.Arguments(Folder.Path), "--models", Folder.Sub("none")], Folder.Path, Variables);

    internal override Task ReadyAsync() => silo!.WaitUntilReadyAsync();

    internal override bool HasExited => silo!.HasExited;

    internal override Task<int> ExitAsync() => silo!.WaitForExitAsync();

    internal override Task StopAsync() => silo!.KillAsync();

    internal override Task<float?> AnswerAsync(string model, int? version) => Served.AnswerAsync(Http, cell, model, version);

    internal override async Task<bool> PushAsync(PushedVersion version)
    {
        try
        {
            return (await Calls.PushAsync(version)).Status == 200;
        }
        catch (HttpRequestException)
        {
            return false; // It died meanwhile.
        }
    }

    internal override async Task SpoilAsync(PushedVersion version)
    {
        try
        {
            var id = (string)(await Calls.BeginAsync(version)).Body!["id"]!;
            await Calls.PutAsync(id, PushCalls.DigestOf(version.Read("notes.txt")), new byte[version.Read("notes.txt").Length]);
        }
        catch (HttpRequestException)
        {
            // It died meanwhile.
        }
    }

    internal override Task<string> ReportAsync() => Http.GetStringAsync($"{cell.HttpUrl}/v1/nodes");
}
