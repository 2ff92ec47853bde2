using System.Collections.Concurrent;
using OrleansHybrid.Client;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.EndToEnd.Tests.Harness;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Client.Sdk;

/// <summary>Which variant of <c>keyword</c> (tiny-int8 of 24 MiB, then tiny-fp32 of 22) runs on which machine, and that the client says why.</summary>
public sealed class VariantChoiceTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly ConcurrentQueue<string> notices = [];

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(1000, "tiny-int8", "the best for a device")]
    [InlineData(23, "tiny-fp32", "tiny-int8 declares 24 MiB and 23 MiB are free")]
    public async Task First_variant_that_fits_in_memory_is_taken(int freeMib, string expected, string why)
    {
        await using var device = await StartAsync(o => o with { MemoryBytes = (long)freeMib << 20 });

        Assert.Equal(expected, (await device.AnswerAsync(Clips.EasyAudio)).Provenance.Variant);
        Assert.Contains(notices, n => n.StartsWith($"keyword@1 runs {expected} here", StringComparison.Ordinal) && n.Contains(why, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Version_that_fits_nowhere_here_is_known_and_says_so()
    {
        await using var device = await StartAsync(o => o with { MemoryBytes = 10L << 20 });

        var result = await device.AskAsync(Clips.EasyAudio);

        Assert.Contains("device=excluded:memory", result.Failure!.Message, StringComparison.Ordinal);
        Assert.Contains(notices, n => n.StartsWith("keyword@1: no variant runs here", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Variant_that_is_too_slow_here_is_replaced_by_the_next_and_the_last_one_stays()
    {
        await using var device = await StartAsync(o => o with { VariantLatencyMax = TimeSpan.FromTicks(1) });

        Assert.Equal("tiny-fp32", (await device.AnswerAsync(Clips.EasyAudio)).Provenance.Variant);
        Assert.Contains(notices, n => n.StartsWith("keyword@1/tiny-int8 takes ", StringComparison.Ordinal) && n.EndsWith("the next variant is tried.", StringComparison.Ordinal));
        Assert.Contains(notices, n => n.StartsWith("keyword@1/tiny-fp32 takes ", StringComparison.Ordinal) && n.EndsWith("so it stays.", StringComparison.Ordinal));
        Assert.Equal(0, device.Client.Pool.Leased);
    }

    [Fact]
    public async Task Fast_enough_variant_stays()
    {
        await using var device = await StartAsync(o => o with { VariantLatencyMax = Limits.DeadlineMax });

        Assert.Equal("tiny-int8", (await device.AnswerAsync(Clips.EasyAudio, RouteMode.OnlyOnDevice)).Provenance.Variant);
    }

    private Task<Device> StartAsync(Func<HybridClientOptions, HybridClientOptions> change) => Device.StartAsync(change: o => change(o with { Models = [OnlyKeyword()], Notice = notices.Enqueue }));

    /// <summary>Another model would take a part of the memory.</summary>
    private string OnlyKeyword()
    {
        var version = Directory.CreateDirectory(Path.Combine(folder.Sub("models"), Clips.Model, "1")).FullName;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(RepositoryRoot.SampleModels, Clips.Model, "1"))) File.Copy(file, Path.Combine(version, Path.GetFileName(file)));
        return folder.Sub("models");
    }
}
