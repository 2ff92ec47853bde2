using OrleansHybrid.EndToEnd.Tests.Bundles;
using OrleansHybrid.EndToEnd.Tests.Harness;
using OrleansHybrid.Links.Bundles.Store;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Kill;

/// <summary>Brings a place to one failpoint by the way that leads there in practice, and sees what it is like afterwards.</summary>
internal sealed class KillCase(KilledPlace place, string failpoint)
{
    private static readonly TimeSpan Ago = TimeSpan.FromDays(100);

    private string Step => failpoint[..failpoint.LastIndexOf('.')];

    public async Task RunAsync()
    {
        await place.AliveAsync();
        using var next = await NextAsync();
        await DieAsync(next);

        place.AssertWhole();
        place.Begin();
        await place.ReadyAsync();
        var served = await place.AnswerAsync(KilledPlace.Model, null);
        Assert.True(served == place.Newest || (next?.Model == KilledPlace.Model && served == next.Version), $"{failpoint}: {served} answered");
        if (next is not null) await place.ReachAsync(next);
        else await Wait.Until(async () => await place.AnswerAsync(KilledPlace.Model, place.Newest) == place.Newest, "the version to serve again", TimeSpan.FromSeconds(40));
        // It answers a moment before it has written down that it does.
        await Wait.Until(() => !Directory.EnumerateFileSystemEntries(Path.Combine(place.Bundles, "staging")).Any() && !Directory.EnumerateFiles(place.Bundles, "*.half", SearchOption.AllDirectories).Any(), "what was cut off to be gone", TimeSpan.FromSeconds(10));
        place.AssertClean();
    }

    /// <summary>Null where a start alone leads there.</summary>
    private Task<PushedVersion?> NextAsync() => Step switch
    {
        "recover.clear" or "receive.discard" => Made(KilledPlace.Model, place.Newest + 1),
        "stage.model-folder" => Made("fresh-" + failpoint.Split('.')[^1], 1),
        _ when IsAtStart => Task.FromResult<PushedVersion?>(null),
        _ => Made(KilledPlace.Model, place.Newest + 1),
    };

    private bool IsAtStart => Step is "stage.rename-old" or "stage.journal-end" or "stage.clear" || Step.StartsWith("stage.journal", StringComparison.Ordinal)
        || Step.StartsWith("collect.", StringComparison.Ordinal) || Step.StartsWith("recover.", StringComparison.Ordinal);

    private async Task<PushedVersion?> Made(string model, int number) => await place.MakeAsync(model, number);

    private async Task DieAsync(PushedVersion? next)
    {
        if (Step == "recover.clear") await DieWhileAsync(FailpointNames.StageLink.After, () => place.PushAsync(next!));
        else if (Step == "receive.discard") await DieWhileAsync(failpoint, () => place.SpoilAsync(next!));
        else if (!IsAtStart) await DieWhileAsync(failpoint, () => place.PushAsync(next!));
        if (!IsAtStart) return;
        if (Step != "recover.clear") await PrepareAsync();
        await DieAtStartAsync(failpoint);
    }

    private async Task PrepareAsync()
    {
        // Something to collect: the version before, which nobody wants any more.
        if (Step.StartsWith("collect.", StringComparison.Ordinal) && !Directory.Exists(Before)) await place.AdvanceAsync();
        await place.StopAsync();
        if (Step == "collect.file") Backdate(Part());
        else if (Step.StartsWith("collect.", StringComparison.Ordinal)) Directory.SetLastWriteTimeUtc(Before, TimeProvider.System.GetUtcNow().UtcDateTime - Ago);
        else await File.WriteAllTextAsync(Path.Combine(place.Repository, KilledPlace.Model, Text(place.Newest), "stray.txt"), "not signed");
        // The stray file makes the place put the folder together anew, in two renames.
        if (Step.StartsWith("recover.", StringComparison.Ordinal)) await DieAtStartAsync(FailpointNames.StageRenameOld.After);
    }

    private string Before => Path.Combine(place.Repository, KilledPlace.Model, Text(place.Newest - 1));

    /// <summary>What is left of a transfer that nobody goes on with.</summary>
    private string Part()
    {
        var path = Path.Combine(place.Bundles, "incoming", new string('a', 64) + ".part");
        File.WriteAllText(path, "broken off");
        return path;
    }

    private static void Backdate(string file) => File.SetLastWriteTimeUtc(file, TimeProvider.System.GetUtcNow().UtcDateTime - Ago);

    private async Task DieWhileAsync(string at, Func<Task> change)
    {
        place.Arm(at);
        await change();
        await place.DiesAsync(at);
    }

    private async Task DieAtStartAsync(string at)
    {
        place.Arm(at);
        place.Begin();
        await place.DiesAsync(at);
        // Before the swap the folder that the test tampered with is still there: the place's next start would put that right, and what it shows now is not its doing.
        var stray = Path.Combine(place.Repository, KilledPlace.Model, Text(place.Newest), "stray.txt");
        if (File.Exists(stray)) File.Delete(stray);
    }

    private static string Text(int number) => FormattableString.Invariant($"{number}");
}
