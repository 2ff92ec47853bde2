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
    private readonly Lazy<KilledFolders> folders;
    private int made;

    protected KilledPlace() => folders = new(() => new KilledFolders(Bundles, PublisherKey.Read("publisher", File.ReadAllText(Publisher.KeyPath + ".pub"), out _)!));

    internal abstract string Name { get; }

    internal TempFolder Folder { get; } = new();

    internal HttpClient Http { get; } = new();

    internal PushedVersion Publisher { get; } = new("publisher");

    /// <summary>The newest version that serves, and the one that did so before.</summary>
    internal int Newest { get; private set; }

    internal int Before { get; private set; }

    /// <summary>A case failed: how far the place came is not known.</summary>
    internal bool HasFailed { get; set; }

    /// <summary>The folder <c>bundles</c>.</summary>
    internal abstract string Bundles { get; }

    internal KilledFolders Folders => folders.Value;

    /// <summary>What the process wrote, the end of it.</summary>
    internal abstract string Log { get; }

    /// <summary>Such a short life is over before what a runtime learns about its code pays.</summary>
    protected IReadOnlyDictionary<string, string> Variables => new Dictionary<string, string> { [Failpoint.Variable] = "@" + Folder.Sub("failpoint"), ["DOTNET_TieredPGO"] = "0" };

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

    /// <summary>To the authority, the whole way.</summary>
    /// <returns>False: it was not taken, or who takes it died.</returns>
    internal abstract Task<bool> PushAsync(PushedVersion version);

    /// <summary>Has the place take in a file that is not the signed one.</summary>
    internal abstract Task SpoilAsync(PushedVersion version);

    /// <summary>Where it says what became of a version.</summary>
    internal abstract Task<string> ReportAsync();

    /// <summary>It runs, and serves: after a case that failed, whichever version.</summary>
    internal async Task AliveAsync()
    {
        File.Delete(Folder.Sub("failpoint"));
        if (HasExited)
        {
            Begin();
            await ReadyAsync();
        }

        if (!HasFailed) return;
        HasFailed = false;
        await AdvanceAsync();
        await AdvanceAsync();
    }

    internal void Arm(string failpoint)
    {
        File.WriteAllText(Folder.Sub("arming"), failpoint);
        File.Move(Folder.Sub("arming"), Folder.Sub("failpoint"), overwrite: true);
    }

    /// <summary>The next version, whose every file is its own; its answer is its number.</summary>
    /// <param name="fresh">One of its files has a digest whose begin no other has.</param>
    internal async Task<PushedVersion> MakeAsync(string model, bool fresh = false)
    {
        var number = ++made;
        var version = new PushedVersion(model, number, large: PushedVersion.Graph(number), publisher: Publisher);
        version.Write("tiny.onnx", PushedVersion.Graph(number));
        // One add more, so that the variants differ and answer alike.
        version.Write("large.onnx", PushedVersion.TwiceGraph(number));
        version.Write("docs/card.txt", $"{model} {number}");
        var notes = Enumerable.Range(0, 100_000).Select(i => System.Text.Encoding.ASCII.GetBytes($"{model} {number} {i}".PadRight(5000)));
        version.Write("notes.txt", notes.First(n => !fresh || Folders.IsFresh(BundleDigests.Of(n))));
        await version.SignAsync();
        return version;
    }

    /// <summary>One more, pushed and served.</summary>
    internal async Task AdvanceAsync()
    {
        using var next = await MakeAsync(Model);
        await ReachAsync(next);
    }

    /// <summary>Pushes, and waits until it serves.</summary>
    /// <param name="pushes">So often at most.</param>
    internal async Task ReachAsync(PushedVersion version, int pushes = 1)
    {
        var isTaken = false;
        for (var i = 0; i < pushes && !isTaken; i++) isTaken = await PushAsync(version);
        Assert.True(isTaken, $"{version.Model}@{version.Version} is not taken");
        await Wait.Until(async () => await AnswerAsync(version.Model, version.Version) == version.Version, $"{version.Model}@{version.Version} to serve");
        if (version.Model == Model) (Before, Newest) = (Newest, version.Version);
    }

    internal async Task DiesAsync(string failpoint)
    {
        Assert.True(await ExitAsync() == Killed, $"it ended otherwise than by {failpoint}");
        File.Delete(Folder.Sub("failpoint"));
    }

    internal void AssertWhole() => Folders.AssertWhole();

    /// <summary>It answers a moment before it has written down that it does, and before what nobody wants is collected.</summary>
    internal async Task CleanAsync(PushedVersion version)
    {
        string? why = null;
        try
        {
            await Wait.Until(() => (why = Folders.WhyNotClean(version.Model, version.Version)) is null, "what was cut off to be gone", TimeSpan.FromSeconds(30));
        }
        catch (TimeoutException)
        {
            Assert.Fail(why);
        }

        AssertWhole();
    }
}
