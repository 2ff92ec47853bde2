using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.Links.Bundles.Signing;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Bundles;

/// <summary>Folders as file systems have them: links, pipes, files that change while they are read.</summary>
public sealed class BundleFolderTests : IDisposable
{
    private readonly Publisher publisher = new();

    private static readonly Dictionary<string, (BundleRefusal Refusal, string Place, Action<Publisher> Tamper)> Tampers = new()
    {
        ["a byte of a file"] = (BundleRefusal.AlteredFile, "'tiny.onnx'", p => File.WriteAllBytes(Path.Combine(p.Version, "tiny.onnx"), [1, 2, 4])),
        ["a byte more at the end of a file"] = (BundleRefusal.AlteredFile, "'tiny.onnx'", p => File.AppendAllText(Path.Combine(p.Version, "tiny.onnx"), "x")),
        ["a file emptied"] = (BundleRefusal.AlteredFile, "'model.yaml'", p => p.Write("model.yaml", "")),
        ["a file more"] = (BundleRefusal.ExtraFile, "'large.onnx'", p => p.Write("large.onnx", "")),
        ["a hidden file more"] = (BundleRefusal.ExtraFile, "'.hidden'", p => p.Write(".hidden", "")),
        ["a name outside ASCII"] = (BundleRefusal.ExtraFile, "'naïve'", p => p.Write("naïve", "")),
        ["a file less"] = (BundleRefusal.MissingFile, "'probes/one.json'", p => File.Delete(Path.Combine(p.Version, "probes", "one.json"))),
        ["a link in place of a file"] = (BundleRefusal.NotAFile, "'tiny.onnx'", p => Link(p, "tiny.onnx")),
        ["a link more, to nowhere"] = (BundleRefusal.NotAFile, "'dangling'", p => File.CreateSymbolicLink(Path.Combine(p.Version, "dangling"), "/nowhere/at/all")),
        ["a link in place of a folder"] = (BundleRefusal.NotAFile, "'probes'", LinkFolder),
        ["a pipe in place of a file"] = (BundleRefusal.NotAFile, "'tiny.onnx'", p => Pipe(p, "tiny.onnx")),
        ["a folder in place of a file"] = (BundleRefusal.MissingFile, "'tiny.onnx'", p => { File.Delete(Path.Combine(p.Version, "tiny.onnx")); Directory.CreateDirectory(Path.Combine(p.Version, "tiny.onnx")); }),
        ["no signature"] = (BundleRefusal.Unsigned, "hybrid sign", p => File.Delete(p.Signature)),
        ["a link in place of the signature"] = (BundleRefusal.NotAFile, "'model.sig'", p => Link(p, "model.sig")),
        ["a folder in place of the signature"] = (BundleRefusal.NotAFile, "'model.sig'", p => { File.Delete(p.Signature); Directory.CreateDirectory(p.Signature); }),
        ["a pipe in place of the signature"] = (BundleRefusal.NotAFile, "'model.sig'", p => Pipe(p, "model.sig")),
        ["an empty signature"] = (BundleRefusal.NotJson, "signature", p => p.Write("model.sig", "")),
        ["a signature larger than any"] = (BundleRefusal.TooLarge, "model.sig", p => p.Write("model.sig", new string(' ', Limits.SignatureBytesMax + 1))),
        ["folders deeper than the bound"] = (BundleRefusal.TooLarge, "deeper", p => Directory.CreateDirectory(Path.Combine(p.Version, "a", "b", "c", "d", "e"))),
    };

    public static TheoryData<string> Names => [.. Tampers.Keys];

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public async Task Folder_with_this_is_refused_for_its_reason(string tamper)
    {
        Skip.If(OperatingSystem.IsWindows() && tamper.Contains("pipe", StringComparison.Ordinal), "no named pipes in folders there");
        Assert.Null((await publisher.SignAsync()).Problem);
        Assert.Null((await publisher.VerifyAsync()).Problem);
        var (refusal, place, change) = Tampers[tamper];
        change(publisher);

        var problem = (await publisher.VerifyAsync()).Problem;

        Assert.Equal(refusal, problem!.Refusal);
        Assert.Contains(place, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Socket_in_a_folder_is_refused()
    {
        await publisher.SignAsync();
        File.Delete(Path.Combine(publisher.Version, "tiny.onnx"));
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(Path.Combine(publisher.Version, "tiny.onnx")));

        Assert.Equal(BundleRefusal.NotAFile, (await publisher.VerifyAsync()).Problem!.Refusal);
    }

    [Theory]
    [InlineData("a\\b", BundleRefusal.UnsafeName)]
    [InlineData("naïve", BundleRefusal.UnsafeName)]
    [InlineData("con", BundleRefusal.UnsafeName)]
    [InlineData("Model.yaml", BundleRefusal.NamesCollide)]
    public async Task Signer_refuses_names_that_other_systems_read_otherwise(string name, BundleRefusal refusal)
    {
        publisher.Write(name, "");

        Assert.Equal(refusal, (await publisher.SignAsync()).Problem!.Refusal);
        Assert.False(File.Exists(publisher.Signature));
    }

    [Fact]
    public async Task Signer_refuses_an_empty_folder_and_links()
    {
        File.CreateSymbolicLink(Path.Combine(publisher.Version, "link"), "model.yaml");
        Assert.Equal(BundleRefusal.NotAFile, (await publisher.SignAsync()).Problem!.Refusal);

        Directory.Delete(publisher.Version, recursive: true);
        Directory.CreateDirectory(Path.Combine(publisher.Version, ".git"));
        publisher.Write(Path.Combine(".git", "config"), "");
        Assert.Equal(BundleRefusal.MissingFile, (await publisher.SignAsync()).Problem!.Refusal);
    }

    [Theory]
    [InlineData("../other")]
    [InlineData("/etc")]
    [InlineData("*.txt")]
    [InlineData("")]
    public async Task Paths_to_ignore_are_whole_paths_below_the_folder(string path) =>
        Assert.Equal(BundleRefusal.UnsafeName, (await publisher.SignAsync(path)).Problem!.Refusal);

    [Fact]
    public async Task What_is_ignored_at_signing_is_ignored_by_every_verifier_and_what_a_caller_ignores_by_that_one_alone()
    {
        publisher.Write("notes.txt", "draft");
        await publisher.SignAsync("notes.txt");
        publisher.Write("notes.txt", "another draft");
        Assert.Null((await publisher.VerifyAsync()).Problem);

        publisher.Write("mine.txt", "");
        Assert.Equal(BundleRefusal.ExtraFile, (await publisher.VerifyAsync()).Problem!.Refusal);
        Assert.Null((await publisher.VerifyAsync("mine.txt")).Problem);
        Assert.Equal(BundleRefusal.MissingFile, (await publisher.VerifyAsync("mine.txt", "tiny.onnx")).Problem!.Refusal);
    }

    [Fact]
    public async Task Statement_is_the_same_byte_for_byte_and_the_signature_is_not()
    {
        var one = (await publisher.SignAsync()).Signature!;
        var other = (await publisher.SignAsync()).Signature!;

        Assert.Equal(Payload(one), Payload(other));
        Assert.NotEqual(one, other);
    }

    [Fact]
    public async Task Progress_counts_every_byte_once_and_ends_at_all()
    {
        File.WriteAllBytes(Path.Combine(publisher.Version, "tiny.onnx"), new byte[(3 * Limits.BlobChunkBytes) + 5]);
        var seen = new Recorder();

        var content = await BundleFolder.ReadAsync(publisher.Version, [], seen, CancellationToken.None);

        Assert.Equal(seen.Seen.Select(p => p.Done).Order(), seen.Seen.Select(p => p.Done));
        Assert.Equal(new BundleProgress(content.Bytes, content.Bytes), seen.Seen[^1]);
        Assert.True(seen.Seen.Count >= 5);
    }

    /// <summary>An endless file, too: no more is read than the listing said.</summary>
    [Theory]
    [InlineData(+1)]
    [InlineData(-1)]
    public async Task File_that_changes_its_length_while_it_is_read_is_refused(int change)
    {
        var path = Path.Combine(publisher.Version, "tiny.onnx");
        File.WriteAllBytes(path, new byte[3 * Limits.BlobChunkBytes]);
        var once = new Recorder(first => ChangeLength(path, change));

        var content = await BundleFolder.ReadAsync(publisher.Version, [], once, CancellationToken.None);

        Assert.Equal(BundleRefusal.WrongSize, content.Problem!.Refusal);
    }

    [Fact]
    public async Task Files_of_git_are_neither_signed_nor_looked_at()
    {
        await File.WriteAllTextAsync(Path.Combine(publisher.Version, ".gitignore"), "x");
        await publisher.SignAsync();

        Assert.Null((await publisher.VerifyAsync()).Problem);
        Assert.DoesNotContain((await publisher.VerifyAsync()).Statement!.Files, f => f.Name.StartsWith(".git", StringComparison.Ordinal));
    }

    public void Dispose() => publisher.Dispose();

    private static string Payload(byte[] signature) => (string)System.Text.Json.Nodes.JsonNode.Parse(Encoding.UTF8.GetString(signature))!["dsseEnvelope"]!["payload"]!;

    private static void ChangeLength(string path, int change)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        file.SetLength(file.Length + change);
    }

    private static void Link(Publisher publisher, string name)
    {
        var target = Path.Combine(publisher.Folder, "elsewhere");
        File.Move(Path.Combine(publisher.Version, name), target);
        File.CreateSymbolicLink(Path.Combine(publisher.Version, name), target);
    }

    private static void LinkFolder(Publisher publisher)
    {
        var target = Path.Combine(publisher.Folder, "elsewhere");
        Directory.Move(Path.Combine(publisher.Version, "probes"), target);
        Directory.CreateSymbolicLink(Path.Combine(publisher.Version, "probes"), target);
    }

    private static void Pipe(Publisher publisher, string name)
    {
        var path = Path.Combine(publisher.Version, name);
        File.Delete(path);
        using var made = Process.Start("mkfifo", [path]);
        made.WaitForExit();
    }

    private sealed class Recorder(Action<BundleProgress>? atFirst = null) : IProgress<BundleProgress>
    {
        public List<BundleProgress> Seen { get; } = [];

        public void Report(BundleProgress value)
        {
            if (Seen.Count == 0) atFirst?.Invoke(value);
            Seen.Add(value);
        }
    }
}
