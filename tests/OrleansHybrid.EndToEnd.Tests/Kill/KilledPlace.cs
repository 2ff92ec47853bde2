using System.Security.Cryptography;
using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.EndToEnd.Tests.Bundles;
using OrleansHybrid.EndToEnd.Tests.Harness;
using OrleansHybrid.Links.Bundles.Store;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Kill;

/// <summary>A real process that keeps versions, shared by the cases of a theory: it runs and serves the newest version of <c>steady</c> before and after each.</summary>
/// <remarks>The failpoint stands in a file, so that one start is enough for a case: the process that proves the last kill harmless is the one that dies next.</remarks>
public abstract class KilledPlace : IAsyncLifetime
{
    internal const string Model = "steady";
    private const int Killed = 128 + 9;
    private readonly PublisherKey trusted;

    protected KilledPlace() => trusted = PublisherKey.Read("publisher", File.ReadAllText(Publisher.KeyPath + ".pub"), out _)!;

    internal TempFolder Folder { get; } = new();

    internal HttpClient Http { get; } = new() { Timeout = TimeSpan.FromSeconds(30) };

    internal PushedVersion Publisher { get; } = new("publisher");

    /// <summary>The newest version that serves.</summary>
    internal int Newest { get; private set; }

    /// <summary>Of <c>bundles</c>.</summary>
    internal abstract string Bundles { get; }

    internal string Repository => Path.Combine(Bundles, "repository");

    protected IReadOnlyDictionary<string, string> Variables => new Dictionary<string, string> { [Failpoint.Variable] = "@" + Folder.Sub("failpoint") };

    public abstract Task InitializeAsync();

    public abstract Task DisposeAsync();

    /// <summary>A process that may die at once.</summary>
    internal abstract void Begin();

    internal abstract Task ReadyAsync();

    internal abstract bool HasExited { get; }

    internal abstract Task<int> ExitAsync();

    internal abstract Task StopAsync();

    /// <summary>What the version adds to what comes in: its number; null: it does not answer.</summary>
    internal abstract Task<float?> AnswerAsync(string model, int? version);

    /// <summary>To the authority, the whole way, whatever becomes of it.</summary>
    internal abstract Task PushAsync(PushedVersion version);

    /// <summary>Has the place take in a file that is not the signed one.</summary>
    internal abstract Task SpoilAsync(PushedVersion version);

    /// <summary>Where it says what became of a version.</summary>
    internal abstract Task<string> ReportAsync();

    /// <summary>A case that failed left it dead: the next one must kill it itself.</summary>
    internal async Task AliveAsync()
    {
        Disarm();
        if (!HasExited) return;
        Begin();
        await ReadyAsync();
    }

    internal void Arm(string failpoint)
    {
        File.WriteAllText(Folder.Sub("arming"), failpoint);
        File.Move(Folder.Sub("arming"), Folder.Sub("failpoint"), overwrite: true);
    }

    internal void Disarm() => File.Delete(Folder.Sub("failpoint"));

    /// <summary>A version whose every file is its own; its answer is its number.</summary>
    internal async Task<PushedVersion> MakeAsync(string model, int number)
    {
        var version = new PushedVersion(model, number, large: PushedVersion.Graph(number), publisher: Publisher);
        version.Write("tiny.onnx", PushedVersion.Graph(number));
        version.Write("notes.txt", [.. System.Text.Encoding.ASCII.GetBytes($"{model} {number}"), .. new byte[5000]]);
        await version.SignAsync();
        return version;
    }

    /// <summary>One more, pushed and served.</summary>
    internal async Task AdvanceAsync()
    {
        using var next = await MakeAsync(Model, Newest + 1);
        await ReachAsync(next);
    }

    /// <summary>Pushes until it serves.</summary>
    internal async Task ReachAsync(PushedVersion version)
    {
        await PushAsync(version);
        await Wait.Until(async () => await AnswerAsync(version.Model, version.Version) == version.Version, $"{version.Model}@{version.Version} to serve", TimeSpan.FromSeconds(40));
        if (version.Model == Model) Newest = version.Version;
    }

    internal async Task DiesAsync(string failpoint)
    {
        Assert.True(await ExitAsync() == Killed, failpoint);
        Disarm();
    }

    /// <summary>What the repository shows is whole and signed, whatever else lies about.</summary>
    internal void AssertWhole()
    {
        foreach (var folder in Directory.EnumerateDirectories(Repository).SelectMany(Directory.EnumerateDirectories))
        {
            var statement = BundleSignature.Verify(File.ReadAllBytes(Path.Combine(folder, "model.sig")), [trusted]).Statement;
            Assert.NotNull(statement);
            var files = Directory.EnumerateFiles(folder).Select(f => Path.GetFileName(f)!).Where(f => f != "model.sig").ToArray();
            Assert.Contains("model.yaml", files);
            Assert.Contains(files, f => f.EndsWith(".onnx", StringComparison.Ordinal));
            Assert.All(files, f => Assert.Equal(statement.Files.Single(s => s.Name == f).Digest, BundleDigests.Of(File.ReadAllBytes(Path.Combine(folder, f)))));
        }

        foreach (var blob in Directory.EnumerateFiles(Path.Combine(Bundles, "blobs"), "*", SearchOption.AllDirectories)) Assert.Equal(Path.GetFileName(blob), Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(blob))));
    }

    /// <summary>Nothing of what was cut off is left.</summary>
    internal void AssertClean()
    {
        AssertWhole();
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(Bundles, "staging")));
        Assert.Empty(Directory.EnumerateFiles(Bundles, "*.half", SearchOption.AllDirectories));
        var uploads = Path.Combine(Bundles, "uploads");
        Assert.True(!Directory.Exists(uploads) || !Directory.EnumerateDirectories(uploads).Any());
    }
}
