using OrleansHybrid.EndToEnd.Tests.Bundles;
using OrleansHybrid.EndToEnd.Tests.Harness;
using OrleansHybrid.Links.Bundles.Store;
using Xunit;
using Xunit.Sdk;

namespace OrleansHybrid.EndToEnd.Tests.Kill;

/// <summary>Brings a place to one failpoint by the way that leads there in practice, and sees what it is like afterwards.</summary>
internal sealed class KillCase(KilledPlace place, string failpoint)
{
    private readonly string step = KillNames.StepOf(failpoint);

    /// <summary>A failure names the place, and brings what it wrote last.</summary>
    public async Task RunAsync()
    {
        try
        {
            await place.AliveAsync();
            await KillAsync();
        }
        catch (Exception failed)
        {
            place.HasFailed = true;
            throw new XunitException($"{place.Name} at {failpoint}: {failed.Message}\n{place.Log}", failed);
        }
    }

    private async Task KillAsync()
    {
        using var next = await place.MakeAsync(step is "stage.model-folder" or "stage.discard" ? $"fresh-{step[6..]}-{failpoint[(step.Length + 1)..]}" : KilledPlace.Model, step == "receive.folder");
        await DieAsync(next);

        place.AssertWhole();
        place.Begin();
        await place.ReadyAsync();
        // Whoever lost the note of what was good serves when its documents are read.
        if (step == "activate.set-aside") await Wait.Until(async () => await place.AnswerAsync(KilledPlace.Model, null) is not null, "a version to serve");
        var served = await place.AnswerAsync(KilledPlace.Model, null);
        // A request that was meant for the old version when the new one took its place can be refused: then it is the new one that serves, and nothing else.
        if (served is null) Assert.Equal(next.Version, served = await place.AnswerAsync(KilledPlace.Model, null));
        Assert.True(served == place.Newest || (next.Model == KilledPlace.Model && served == next.Version), $"{served} answered");
        // A file that is not the signed one is found out when it is gone on with, and comes whole the next time.
        await place.ReachAsync(next, step == "receive.truncate" ? 2 : 1);
        await place.CleanAsync(next);
    }

    private Task DieAsync(PushedVersion next)
    {
        Func<Task> push = () => place.PushAsync(next);
        switch (step)
        {
            case "receive.discard" or "receive.truncate": return DieWhileAsync(failpoint, () => place.SpoilAsync(next));
            case "stage.discard": return DieObstructedAsync(next);
            case "recover.clear": return DieTwiceAsync(FailpointNames.StageLink.After, next);
            case "recover.rename" or "recover.sync-folder":
                place.Folders.PutOtherVariant(next);
                return DieTwiceAsync(FailpointNames.StageRenameOld.After, next);
            case "recover.folder": return DieAtStartAsync(() => Directory.Delete(Path.Combine(place.Bundles, "staging")));
            case "push.uploads": return DieAtStartAsync(() => Directory.Delete(Path.Combine(place.Bundles, "uploads"), recursive: true));
            case "activate.set-aside": return DieAtStartAsync(() => File.WriteAllText(Path.Combine(place.Bundles, "index.json"), "{\"lastGood\":"));
            case "stage.rename-old" or "stage.clear": place.Folders.PutOtherVariant(next); break;
            case var journal when journal.StartsWith("stage.journal", StringComparison.Ordinal): place.Folders.PutOtherVariant(next); break;
            case var collect when collect.StartsWith("collect.", StringComparison.Ordinal): place.Folders.Age(place.Before); break;
            default: break;
        }

        return DieWhileAsync(failpoint, push);
    }

    /// <summary>The folder's place in the repository is taken by something that is no folder.</summary>
    private async Task DieObstructedAsync(PushedVersion next)
    {
        var obstacle = place.Folders.Obstruct(next);
        await DieWhileAsync(failpoint, () => place.PushAsync(next));
        File.Delete(obstacle);
    }

    private async Task DieWhileAsync(string at, Func<Task> change)
    {
        place.Arm(at);
        await change();
        await place.DiesAsync(at);
    }

    /// <summary>What a start puts right is there after a kill alone.</summary>
    private async Task DieTwiceAsync(string first, PushedVersion next)
    {
        await DieWhileAsync(first, () => place.PushAsync(next));
        place.AssertWhole();
        await DieAtStartAsync(() => { });
    }

    private async Task DieAtStartAsync(Action change)
    {
        await place.StopAsync();
        change();
        place.Arm(failpoint);
        place.Begin();
        await place.DiesAsync(failpoint);
    }
}
