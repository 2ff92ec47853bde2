using System.Diagnostics;
using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Links.Bundles.Store;
using Xunit;

namespace OrleansHybrid.Grains.Tests.Bundles;

/// <summary>A process is killed at every change that the store makes on disk. Whoever starts after it finds verified versions alone, and can go on.</summary>
public sealed class FailpointTests : IDisposable
{
    private const int Killed = 128 + 9;
    private static readonly string[] One = ["labels.txt", "model.sig", "model.yaml", "probes/yes.txt", "tiny-int8.onnx"];
    private static readonly string[] Large = ["labels.txt", "large.onnx", "model.sig", "model.yaml", "probes/yes.txt"];

    private readonly string folder = Directory.CreateTempSubdirectory("hybrid-killed-").FullName;

    public static TheoryData<string> Names => new(FailpointNames.All);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public async Task Killed_at_every_failpoint_it_starts_with_a_verified_version_and_no_half_of_another(string name)
    {
        Skip.If(OperatingSystem.IsWindows(), "Signals and exit codes are those of Unix.");
        using (var script = BundleScript.Open(folder)) await script.PrepareAsync();
        // What recovery changes is there only after a kill between two renames.
        if (name.StartsWith("recover.", StringComparison.Ordinal)) Assert.Equal(Killed, await RunAsync(FailpointNames.StageRenameOld.After));
        Assert.Equal(Killed, await RunAsync(name));

        await AssertWholeAsync();
        using (var script = BundleScript.Open(folder)) await script.RunAsync();
        await AssertEndAsync();
    }

    [SkippableFact]
    public async Task Unknown_failpoint_ends_the_process_with_a_message()
    {
        Skip.If(OperatingSystem.IsWindows(), "Signals and exit codes are those of Unix.");
        using (var script = BundleScript.Open(folder)) await script.PrepareAsync();
        Assert.NotEqual(0, await RunAsync("receive.wriet.before"));
        await AssertWholeAsync();
    }

    [SkippableFact]
    public async Task Script_reaches_its_end_without_a_failpoint_in_a_process_of_its_own()
    {
        using (var script = BundleScript.Open(folder)) await script.PrepareAsync();
        Assert.Equal(0, await RunAsync(""));
        await AssertEndAsync();
    }

    [Fact]
    public void Names_are_unique() => Assert.Equal(FailpointNames.All.Count, FailpointNames.All.Distinct().Count());

    [Fact]
    public void Every_step_is_in_the_table() =>
        Assert.Empty(typeof(FailpointNames).GetFields().Select(f => f.GetValue(null)).OfType<FailStep>().Except(FailpointNames.Steps).Select(s => s.Before));

    private async Task AssertWholeAsync()
    {
        using var fixture = new StoreFixture(folder);
        await fixture.RestartAsync();
        Assert.Empty(Directory.EnumerateFileSystemEntries(fixture.PathOf("staging")));
        Assert.Empty(Directory.EnumerateFiles(fixture.Settings.Folder, "*.half", SearchOption.AllDirectories));
        Assert.All(Directory.EnumerateFiles(fixture.PathOf("statements"), "*.sig"), s => Assert.True(File.Exists(Path.ChangeExtension(s, ".json")), s));
        Assert.All(Directory.EnumerateFiles(fixture.PathOf("blobs"), "*", SearchOption.AllDirectories), f => Assert.Equal("sha256:" + Path.GetFileName(f), BundleDigests.Of(File.ReadAllBytes(f))));
        Assert.Empty(fixture.Store.Activations.State.Quarantined);
        var (one, two) = (fixture.FilesOf(1), fixture.FilesOf(2));
        Assert.True(one.Length == 0 || one.SequenceEqual(One), string.Join(" ", one));
        Assert.True(two.Length == 0 || two.SequenceEqual(One) || two.SequenceEqual(Large), string.Join(" ", two));
        Assert.NotEqual(0, one.Length + two.Length);

        var (repository, _) = fixture.OpenRepository();
        Assert.Empty((await repository.LoadAllAsync(CancellationToken.None)).Broken);
        var served = repository.State.Models["keyword"].Default!;
        Assert.Equal((SignatureState.Verified, two.Length > 0 ? 2 : 1), (served.Signature.State, served.Version));
        var good = fixture.Store.Activations.State.LastGood.First(g => g.Version.Model == "keyword");
        Assert.Null((await repository.LoadAsync("keyword", good.Version.Version, CancellationToken.None)).Failure);
    }

    private async Task AssertEndAsync()
    {
        using var fixture = new StoreFixture(folder);
        await fixture.RestartAsync();
        Assert.Empty(fixture.FilesOf(1));
        Assert.Equal(Large, fixture.FilesOf(2));
        Assert.Equal(One, fixture.FilesOf(1, "other"));
        Assert.Equal(["keyword@2", "other@1"], fixture.Store.Activations.State.LastGood.Select(g => g.Version.ToString()));
        Assert.Empty(fixture.Store.Activations.State.Marks);
    }

    private async Task<int> RunAsync(string failpoint)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(FailpointTests).Assembly.Location, "bundle-script", folder]) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment[Failpoint.Variable] = failpoint;
        using var process = Process.Start(start)!;
        var ends = Task.WhenAll(process.StandardError.ReadToEndAsync(), process.StandardOutput.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(2));
        await ends;
        return process.ExitCode;
    }
}
