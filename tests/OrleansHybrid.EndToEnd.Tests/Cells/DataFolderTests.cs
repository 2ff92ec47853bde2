using OrleansHybrid.EndToEnd.Tests.Harness;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Cells;

public sealed class DataFolderTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_second_process_on_the_folder_is_refused_and_harms_nothing()
    {
        var first = TestCell.Create("central") with { Data = folder.Sub("shared") };
        var second = TestCell.Create("central") with { Data = first.Data };
        using var http = new HttpClient();
        await using var running = SiloProcess.Start(first.Arguments(folder.Path), folder.Path);
        await running.WaitUntilReadyAsync();

        await using (var refused = SiloProcess.Start(second.Arguments(folder.Path), folder.Path))
        {
            Assert.Equal(1, await refused.WaitForExitAsync());
            Assert.Equal($"error: The folder {first.Data} is in use by process {running.Id}. One process owns a data folder: stop that one, or choose another folder with --data.", refused.Log);
        }

        Assert.True((await http.InferJsonAsync(first, Clips.EasyJson)).Ok);
        await running.KillAsync();
        await using var again = SiloProcess.Start(first.Arguments(folder.Path), folder.Path);
        await again.WaitUntilReadyAsync();
    }

    [Fact]
    public async Task Folders_and_files_are_closed_to_others()
    {
        var cell = TestCell.Create("central");
        await using var silo = SiloProcess.Start(cell.Arguments(folder.Path), folder.Path);
        await silo.WaitUntilReadyAsync();
        var data = cell.DataFolder(folder.Path);

        foreach (var path in Directory.EnumerateFileSystemEntries(data, "*", SearchOption.AllDirectories).Append(data))
        {
            Assert.Equal((UnixFileMode)0, File.GetUnixFileMode(path) & (UnixFileMode)0b000_111_111);
        }

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(data, "operator.key")));
    }
}
