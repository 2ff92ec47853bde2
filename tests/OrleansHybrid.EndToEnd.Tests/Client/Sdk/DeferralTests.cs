using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.Time.Testing;
using OrleansHybrid.Client;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.EndToEnd.Tests.Harness;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Client.Sdk;

/// <summary>Requests that wait, encrypted, until their zone can be reached.</summary>
public sealed class DeferralTests : IDisposable
{
    private static readonly AudioClip Easy = Wav.FromFile(Clips.PathOf("easy.wav"));
    private static readonly InferOptions Later = new() { Mode = RouteMode.OnlyInCloud, Defer = true };
    private readonly TempFolder folder = new();
    private readonly ConcurrentQueue<string> notices = [];

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Request_outlives_a_restart_sealed_and_goes_when_the_link_is_back()
    {
        var port = FreePorts.Take();
        DeferralReceipt receipt;
        await using (var client = await StartAsync(port))
        {
            using var answer = await client.Model(Clips.Model).InferAsync(Easy, Later with { RequestId = "r-7" });
            receipt = answer.Deferred!;
            Assert.Equal((FailureCode.UpstreamUnavailable, 1), (answer.Failure!.Code, client.Deferred.Count));
        }

        var kept = File.ReadAllBytes(Assert.Single(Files()));
        Assert.Equal(-1, kept.AsSpan().IndexOf(Clips.EasyAudio.AsSpan(8000, 64)));
        Assert.Equal(-1, kept.AsSpan().IndexOf("keyword"u8));

        await using var above = await CellAbove.StartAsync(port: port);
        await using var again = await StartAsync(port);
        using var deferred = await FirstAsync(again);

        Assert.Equal((receipt.RequestId, "r-7", Clips.Model), (deferred.RequestId, deferred.RequestId, deferred.Model));
        Assert.Equal((CellAbove.Label, Zone.Cloud), (deferred.Answer.Label, deferred.Answer.Zone!.Value));
        Assert.Equal(Clips.EasyAudio, above.Requests.First().RawInputContents[0].ToByteArray());
        Assert.Empty(Files());
    }

    [Fact]
    public async Task Only_what_waiting_helps_is_kept_and_only_when_asked()
    {
        await using var client = await StartAsync(FreePorts.Take());
        var model = client.Model(Clips.Model);

        using var notAsked = await model.InferAsync(Easy, Later with { Defer = false });
        using var forbidden = await model.InferAsync(Easy, Later with { Privacy = Domain.Privacy.PrivacyCeiling.Device });
        using var answered = await model.InferAsync(Easy, Later with { Mode = RouteMode.PreferInCloud });

        Assert.Equal((FailureCode.UpstreamUnavailable, (DeferralReceipt?)null), (notAsked.Failure!.Code, notAsked.Deferred));
        Assert.Null(forbidden.Deferred);
        Assert.True(answered is { IsSuccess: true, Degraded: true, Deferred: null });
        Assert.Equal(0, client.Deferred.Count);
    }

    [Fact]
    public async Task Torn_changed_and_renamed_files_are_passed_over_one_by_one()
    {
        var port = FreePorts.Take();
        await using (var client = await StartAsync(port))
        {
            for (var i = 0; i < 4; i++) (await client.Model(Clips.Model).InferAsync(Easy, Later with { RequestId = $"r-{i}" })).Dispose();
        }

        var files = Files();
        Tear(files[0]);
        Flip(files[1]);
        File.Move(files[2], files[2].Replace(".req", "0.req", StringComparison.Ordinal));

        await using var above = await CellAbove.StartAsync(port: port);
        await using var again = await StartAsync(port);
        using var deferred = await FirstAsync(again);

        Assert.Equal("r-3", deferred.RequestId);
        Assert.Equal(3, notices.Count(n => n.Contains("was changed or cut", StringComparison.Ordinal)));
        Assert.Single(above.Requests);
    }

    [Fact]
    public async Task Another_key_opens_nothing_and_loses_nothing()
    {
        var port = FreePorts.Take();
        var (mine, others) = (RandomNumberGenerator.GetBytes(32), RandomNumberGenerator.GetBytes(32));
        await using (var client = await StartAsync(port, o => o.DeferralKey = () => mine)) (await client.Model(Clips.Model).InferAsync(Easy, Later)).Dispose();
        Assert.False(File.Exists(Path.Combine(folder.Sub("state"), "deferral.key")));
        await using var above = await CellAbove.StartAsync(port: port);

        await using (var client = await StartAsync(port, o => o.DeferralKey = () => others))
        {
            using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => { await foreach (var _ in client.Deferred.AnswersAsync(soon.Token)) { } });
            Assert.Equal(1, client.Deferred.Count);
        }

        await using var again = await StartAsync(port, o => o.DeferralKey = () => mine);
        using var deferred = await FirstAsync(again);
        Assert.Equal(CellAbove.Label, deferred.Answer.Label);
    }

    [Fact]
    public async Task What_is_too_old_is_dropped_with_a_notice()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using (var client = await StartAsync(FreePorts.Take(), o => o.Clock = clock)) (await client.Model(Clips.Model).InferAsync(Easy, Later)).Dispose();
        Assert.Single(Files());
        clock.Advance(Limits.DeferredAgeMax + TimeSpan.FromSeconds(1));

        await using var again = await StartAsync(FreePorts.Take(), o => o.Clock = clock);
        (await again.Model(Clips.Model).InferAsync(Easy, Later)).Dispose();

        Assert.Single(Files());
        Assert.Contains(notices, n => n.Contains("was dropped", StringComparison.Ordinal));
    }

    private Task<HybridClient> StartAsync(int port, Action<HybridClientOptions>? change = null)
    {
        var options = new HybridClientOptions([RepositoryRoot.SampleModels], folder.Sub("state")) { Upstream = $"http://127.0.0.1:{port}", Node = "phone-7", Notice = notices.Enqueue, FollowPolicy = false };
        change?.Invoke(options);
        return HybridClient.StartAsync(options);
    }

    private string[] Files() => [.. Directory.EnumerateFiles(Path.Combine(folder.Sub("state"), "deferred")).Order(StringComparer.Ordinal)];

    /// <summary>The first answer, after which the reader goes on once, so that it is removed.</summary>
    private static async Task<DeferredAnswer> FirstAsync(HybridClient client)
    {
        var kept = client.Deferred.Count;
        using var bound = new CancellationTokenSource(Wait.Long);
        await using var answers = client.Deferred.AnswersAsync(bound.Token).GetAsyncEnumerator(bound.Token);
        Assert.True(await answers.MoveNextAsync());
        var first = answers.Current;
        var next = answers.MoveNextAsync();
        await Wait.Until(() => client.Deferred.Count < kept, "the first to be removed");
        await bound.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await next);
        return first;
    }

    private static void Tear(string file) => File.WriteAllBytes(file, File.ReadAllBytes(file)[..^5]);

    private static void Flip(string file)
    {
        var bytes = File.ReadAllBytes(file);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(file, bytes);
    }
}
