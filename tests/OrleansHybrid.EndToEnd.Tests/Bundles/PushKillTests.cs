using OrleansHybrid.EndToEnd.Tests.Harness;
using OrleansHybrid.Links.Bundles.Store;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Bundles;

/// <summary>The authority is killed while a version is pushed. After a restart nothing of half a version is published, and the same push goes through.</summary>
public sealed class PushKillTests
{
    /// <summary>While the upload is begun, while a file arrives, while the whole is checked, and after it was published.</summary>
    public static TheoryData<string> Names => [FailpointNames.PushRename.After, FailpointNames.ReceiveWrite.After, FailpointNames.PushLink.After, FailpointNames.PushRemove.Before];

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public async Task Killed_in_a_push_the_cell_starts_again_and_takes_the_same_push(string failpoint)
    {
        Skip.If(OperatingSystem.IsWindows(), "Signals are those of Unix.");
        using var folder = new TempFolder();
        using var http = new HttpClient();
        using var version = new PushedVersion("killed");
        await version.SignAsync();
        version.TrustIn(Path.Combine(folder.Path, "state", "publishers"));
        var central = TestCell.Create("central");
        string[] arguments = [.. central.Arguments(folder.Path), "--models", Directory.CreateDirectory(folder.Sub("none")).FullName];
        await using (var killed = SiloProcess.Start(arguments, folder.Path, new Dictionary<string, string> { [Failpoint.Variable] = failpoint }))
        {
            await killed.WaitUntilReadyAsync();
            var calls = CallsOf(http, central, folder);
            await calls.EndorseAsync(version);
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => calls.PushAsync(version));
            await killed.WaitForExitAsync();
        }

        await using var again = SiloProcess.Start(arguments, folder.Path);
        await again.WaitUntilReadyAsync();
        var after = CallsOf(http, central, folder);
        Assert.Equal(failpoint == FailpointNames.PushRemove.Before, await after.PublishedAsync("killed", 1) is not null);
        Assert.Equal(200, (await after.PushAsync(version)).Status);
        Assert.NotNull(await after.PublishedAsync("killed", 1));
        Assert.Empty(Directory.EnumerateDirectories(Path.Combine(central.DataFolder(folder.Path), "bundles", "uploads")));
    }

    private static PushCalls CallsOf(HttpClient http, TestCell cell, TempFolder folder) => new(http, cell, File.ReadAllText(Path.Combine(cell.DataFolder(folder.Path), "operator.key")).Trim());
}
