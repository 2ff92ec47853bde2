namespace OrleansHybrid.EndToEnd.Tests.Harness;

/// <summary>One caller at each place that asks again as soon as it was answered, and remembers each answer that differs from the one before.</summary>
internal sealed class StoryTraffic : IAsyncDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private readonly Dictionary<string, List<string>> told;
    private readonly Task asking;
    private long answers;

    private StoryTraffic(HttpClient http, IReadOnlyList<StoryPlace> places)
    {
        told = places.ToDictionary(p => p.Name, _ => new List<string>());
        asking = Task.WhenAll(places.Select(p => AskAsync(http, p, told[p.Name])));
    }

    /// <summary>So far, at all places.</summary>
    public long Answers => Interlocked.Read(ref answers);

    public static StoryTraffic At(HttpClient http, params IReadOnlyList<StoryPlace> places) => new(http, places);

    /// <summary>Until every caller has been answered some more times.</summary>
    public async Task GoOnAsync(int more = 20)
    {
        var aim = Answers + (more * told.Count);
        await Wait.Until(() => Answers >= aim, "requests to be answered");
    }

    /// <summary>Ends the callers. The different answers of each place, in their order.</summary>
    public async Task<IReadOnlyDictionary<string, List<string>>> StopAsync()
    {
        await stopping.CancelAsync();
        await asking;
        return told;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        stopping.Dispose();
    }

    private async Task AskAsync(HttpClient http, StoryPlace place, List<string> kept)
    {
        await Task.Yield();
        while (!stopping.IsCancellationRequested)
        {
            var answer = await place.AskAsync(http);
            Interlocked.Increment(ref answers);
            if (kept.Count == 0 || kept[^1] != answer) kept.Add(answer);
            await Task.Delay(Pause, CancellationToken.None);
        }
    }

    /// <summary>So that five callers leave something of two cores to what is measured.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);
}
