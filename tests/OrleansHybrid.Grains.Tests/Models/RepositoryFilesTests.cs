using System.Security.Cryptography;
using System.Text;
using OrleansHybrid.Inference.Repository;
using Xunit;

namespace OrleansHybrid.Grains.Tests.Models;

/// <summary>What reaches the engine is what was digested, and nothing from outside the folder.</summary>
public class RepositoryFilesTests
{
    [Fact]
    public async Task File_that_changes_after_it_was_digested_is_not_what_is_loaded()
    {
        RepositoryFixture? fixture = null;
        ScanGraph scan = onnx =>
        {
            fixture!.Folder.Write("m/1/model.onnx", "other");
            return ManifestSample.Scan(onnx);
        };
        using (fixture = new RepositoryFixture(scan: scan))
        {
            fixture.WritePlain("m", 1, "plain");
            Assert.Null(await fixture.LoadAsync("m"));
            var load = Assert.Single(fixture.Engine.Loads);
            Assert.Equal("plain", Encoding.UTF8.GetString(load.Onnx.Span));
            Assert.Equal(Digest("plain"), load.Digest);
            Assert.Equal(VersionDigest(("model.onnx", "plain")), fixture.Entry("m", 1).Manifest!.Digest);
        }
    }

    [Theory]
    [InlineData("longer than before")]
    [InlineData("short")]
    public async Task File_that_changes_while_it_is_read_is_refused(string now)
    {
        using var folder = new RepositoryFolder();
        folder.Write("m/1/model.onnx", "as listed");
        var listed = VersionFolder.Read(folder.PathOf("m/1"));
        _ = listed.Files["model.onnx"].Length;
        folder.Write("m/1/model.onnx", now);
        await Assert.ThrowsAsync<FileChangedException>(() => new VersionFiles(listed, signed: null).ReadAsync("model.onnx", CancellationToken.None));
    }

    [Fact]
    public async Task External_data_is_loaded_from_a_private_copy_of_what_was_digested()
    {
        using var fixture = new RepositoryFixture();
        fixture.WritePlain("m", 1, "external w.bin");
        fixture.Folder.Write("m/1/w.bin", "weights");
        fixture.Engine.OnLoad = (variant, _) =>
        {
            fixture.Folder.Write("m/1/w.bin", "spoiled");
            fixture.Folder.Write("m/1/model.onnx", "spoiled");
            Assert.Equal("external w.bin", File.ReadAllText(Path.Combine(variant.ExternalDataFolder!, variant.OnnxFileName)));
            Assert.Equal("weights", File.ReadAllText(Path.Combine(variant.ExternalDataFolder!, "w.bin")));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, new DirectoryInfo(variant.ExternalDataFolder!).UnixFileMode);
            Assert.All(new DirectoryInfo(variant.ExternalDataFolder!).GetFiles(), f => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, f.UnixFileMode));
            return Task.CompletedTask;
        };
        Assert.Null(await fixture.LoadAsync("m"));
        Assert.Equal(VersionDigest(("model.onnx", "external w.bin"), ("w.bin", "weights")), fixture.Entry("m", 1).Manifest!.Digest);
        Assert.Equal(1, fixture.SealedCount);
        Assert.Null(await fixture.UnloadAsync("m"));
        Assert.Equal(0, fixture.SealedCount);
    }

    [Theory]
    [InlineData("external w.bin absent.bin", "'absent.bin'")]
    [InlineData("external ../secret", "'../secret'")]
    [InlineData("external /etc/passwd", "'/etc/passwd'")]
    [InlineData("external model.onnx", "'model.onnx'")]
    public async Task External_data_that_is_not_in_the_folder_is_refused(string onnx, string named)
    {
        using var fixture = new RepositoryFixture();
        fixture.WritePlain("m", 1, onnx);
        fixture.Folder.Write("m/1/w.bin", "weights");
        fixture.Folder.Write("m/secret", "secret");
        Assert.Contains(named, (await fixture.LoadAsync("m"))!.Message);
        Assert.Empty(fixture.Engine.Loads);
        Assert.Equal(0, fixture.SealedCount);
    }

    [Fact]
    public async Task Sealed_copies_go_with_a_failed_load_a_reload_and_the_next_start()
    {
        using var fixture = new RepositoryFixture();
        fixture.WriteKeyword(1, "external w.bin");
        fixture.Folder.Write("keyword/1/w.bin", "weights");
        Directory.CreateDirectory(Path.Combine(fixture.Folder.Data, "sealed", "left-over"));
        await fixture.Repository.LoadAllAsync(CancellationToken.None);
        Assert.Equal(1, fixture.SealedCount);
        Assert.Null(await fixture.LoadAsync("keyword"));
        Assert.Equal(1, fixture.SealedCount);
        fixture.Folder.Write("keyword/1/w.bin", "weights 2");
        Assert.Null(await fixture.LoadAsync("keyword"));
        Assert.Equal(1, fixture.SealedCount);
        fixture.Engine.OnLoad = (_, _) => throw new InvalidOperationException();
        fixture.Folder.Write("keyword/1/w.bin", "weights 3");
        await Assert.ThrowsAsync<InvalidOperationException>(() => fixture.LoadAsync("keyword"));
        Assert.Equal(1, fixture.SealedCount);
        Assert.Equal([1], fixture.Served("keyword"));
    }

    [Theory]
    [InlineData("model.onnx", "../../../outside/secret")]
    [InlineData("model.onnx", "/etc/passwd")]
    [InlineData("model.onnx", "absent")]
    [InlineData("model.onnx", "model.onnx")]
    [InlineData("folder", "../../../outside")]
    public async Task Link_that_leaves_the_folder_is_refused(string link, string target)
    {
        using var fixture = new RepositoryFixture();
        fixture.Folder.Write("m/1/readme.txt", "a version");
        Directory.CreateDirectory(fixture.Folder.Outside);
        File.WriteAllText(Path.Combine(fixture.Folder.Outside, "secret"), "secret");
        File.CreateSymbolicLink(fixture.Folder.PathOf($"m/1/{link}"), target);
        Assert.Equal($"m@1: '{link}': expected a file of this folder; came a link that leaves it or ends nowhere. Copy the file itself into the folder.", (await fixture.LoadAsync("m"))!.Message);
        Assert.Empty(fixture.Engine.Loads);
    }

    [Fact]
    public async Task Link_through_a_linked_folder_is_refused()
    {
        using var fixture = new RepositoryFixture();
        fixture.Folder.Write("m/1/readme.txt", "a version");
        Directory.CreateDirectory(fixture.Folder.Outside);
        File.WriteAllText(Path.Combine(fixture.Folder.Outside, "secret"), "secret");
        Directory.CreateSymbolicLink(fixture.Folder.PathOf("m/1/d"), "../../../outside");
        File.CreateSymbolicLink(fixture.Folder.PathOf("m/1/model.onnx"), "d/secret");
        Assert.Equal(2, (await fixture.LoadAsync("m"))!.Message.Split('\n').Length);
        Assert.Empty(fixture.Engine.Loads);
    }

    [Fact]
    public async Task Link_to_a_file_of_the_folder_is_followed()
    {
        using var fixture = new RepositoryFixture();
        fixture.Folder.Write("m/1/real.bin", "plain");
        File.CreateSymbolicLink(fixture.Folder.PathOf("m/1/model.onnx"), "real.bin");
        Assert.Null(await fixture.LoadAsync("m"));
        Assert.Equal([1], fixture.Served("m"));
    }

    [Fact]
    public async Task Linked_model_or_version_is_refused()
    {
        using var fixture = new RepositoryFixture();
        fixture.WritePlain("m", 1);
        Directory.CreateSymbolicLink(fixture.Folder.PathOf("m/2"), "1");
        Directory.CreateSymbolicLink(fixture.Folder.PathOf("n"), "m");
        Assert.Contains("came a link", (await fixture.LoadAsync("m"))!.Message);
        Assert.Contains("came a link", (await fixture.LoadAsync("n"))!.Message);
        Assert.Empty(fixture.Engine.Loads);
    }

    [SkippableFact]
    public async Task Pipe_in_the_folder_holds_nothing_up()
    {
        Skip.IfNot(File.Exists("/usr/bin/mkfifo"), "no mkfifo here");
        using var fixture = new RepositoryFixture();
        fixture.Folder.Write("m/1/readme.txt", "a version");
        using (var make = System.Diagnostics.Process.Start("/usr/bin/mkfifo", [fixture.Folder.PathOf("m/1/model.onnx")])) await make.WaitForExitAsync();
        var failure = await fixture.LoadAsync("m").WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Null(failure);
        Assert.Equal(0, Assert.Single(fixture.Engine.Loads).Onnx.Length);
    }

    [Fact]
    public async Task Messages_hold_no_paths()
    {
        using var fixture = new RepositoryFixture();
        fixture.WriteKeyword(1, change: "licence: Apache-2.0", to: "licence:");
        fixture.WritePlain("m", 1, "refused");
        var summary = await fixture.Repository.LoadAllAsync(CancellationToken.None);
        Assert.All(summary.Broken, b => Assert.DoesNotContain(Path.GetTempPath(), b.Reason));
        Assert.Equal(2, summary.Broken.Count);
    }

    private static string Digest(string content) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)));

    private static string VersionDigest(params (string Name, string Content)[] files) => Digest(string.Concat(files.Select(f => $"{f.Name}:{Digest(f.Content)}\n")));
}
