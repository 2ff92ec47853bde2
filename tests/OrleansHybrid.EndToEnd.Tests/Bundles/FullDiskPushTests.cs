using OrleansHybrid.Domain;
using OrleansHybrid.EndToEnd.Tests.Access;
using OrleansHybrid.EndToEnd.Tests.Harness;
using OrleansHybrid.EndToEnd.Tests.Tamper;
using OrleansHybrid.Grains.Tests.Harness;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Bundles;

/// <summary>A push to a cell whose disk is full, or fills in the middle: 507 with figures, nothing half is there, the old version answers, and the same push completes when there is room.</summary>
public sealed class FullDiskPushTests
{
    private const long Mib = 1 << 20;

    [SkippableFact]
    public async Task Push_to_a_full_disk_is_refused_with_figures_and_completes_when_there_is_room()
    {
        using var folder = new TempFolder();
        using var http = new HttpClient();
        var place = TestCell.Create("central");
        using var disk = SmallDisk.Mount(Limits.DiskReserveBytes + (8 * Mib), Path.Combine(place.DataFolder(folder.Path), "bundles"));
        File.SetUnixFileMode(place.DataFolder(folder.Path), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using var one = new PushedVersion("steady");
        await one.SignAsync();
        one.TrustIn(Path.Combine(folder.Path, "state", "publishers"));
        await using var cell = await RunningCell.StartAsync(place, folder, ["--models", Directory.CreateDirectory(folder.Sub("none")).FullName]);
        var calls = new PushCalls(http, place, cell.OperatorKey);
        await calls.EndorseAsync(one);
        Assert.Equal(200, (await calls.PushAsync(one)).Status);
        await Wait.Until(() => Served.AnswersAsync(http, place, "steady", 1), "version 1 to serve");
        using var two = new PushedVersion("steady", 2, publisher: one);
        two.Write("notes.txt", new byte[2 * Mib]);
        await two.SignAsync();

        disk.FillTo(Limits.DiskReserveBytes + Mib);
        var early = await calls.BeginAsync(two);
        var tool = await HybridTool.RunAsync(folder.Path, "push", two.Folder, "--cell", place.HttpUrl, "--operator-key", Path.Combine(place.DataFolder(folder.Path), "operator.key"));
        disk.Clear();
        var begun = await calls.BeginAsync(two);
        disk.FillTo(Limits.DiskReserveBytes + Mib);
        var middle = await calls.PutAsync((string)begun.Body!["id"]!, PushCalls.DigestOf(two.Read("notes.txt")), two.Read("notes.txt"));

        foreach (var refused in new[] { early, middle }) AssertNoRoom(refused);
        Assert.Equal(1, tool.ExitCode);
        Assert.Contains("MiB more are needed on the disk of", tool.Output + tool.Error, StringComparison.Ordinal);
        Assert.Null(await calls.PublishedAsync("steady", 2));
        Assert.True(await Served.AnswersAsync(http, place, "steady", 1));
        Assert.NotEmpty(await calls.AuditAsync("version.refused", "steady@2"));

        disk.Clear();
        Assert.Equal(200, (await calls.PushAsync(two)).Status);
        await Wait.Until(() => Served.AnswersAsync(http, place, "steady", 2), "version 2 to serve");
    }

    private static void AssertNoRoom(PushAnswer refused)
    {
        Assert.Equal((507, "NoRoom"), (refused.Status, refused.Refusal));
        Assert.Contains("MiB more are needed on the disk of", (string)refused.Body!["error"]!, StringComparison.Ordinal);
        Assert.Contains("128.0 MiB of them kept", (string)refused.Body["error"]!, StringComparison.Ordinal);
    }
}
