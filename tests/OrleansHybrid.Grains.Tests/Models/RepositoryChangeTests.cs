using OrleansHybrid.Domain.Models;
using Xunit;

namespace OrleansHybrid.Grains.Tests.Models;

public class RepositoryChangeTests
{
    [Theory]
    [InlineData("manifest")]
    [InlineData("graph")]
    [InlineData("engine")]
    [InlineData("gone")]
    public async Task Reload_that_fails_leaves_what_served_before(string broken)
    {
        using var fixture = new RepositoryFixture();
        fixture.WriteKeyword(1);
        Assert.Null(await fixture.LoadAsync("keyword"));
        var before = fixture.Entry("keyword", 1);
        if (broken == "manifest") fixture.WriteKeyword(1, change: "licence: Apache-2.0", to: "licence:");
        else if (broken == "graph") fixture.WriteKeyword(1, "refused");
        else if (broken == "engine") fixture.WriteKeyword(1, "bad");
        else File.Delete(fixture.Folder.PathOf("keyword/1/tiny-int8.onnx"));
        Assert.NotNull(await fixture.LoadAsync("keyword"));
        Assert.NotNull(await fixture.LoadAsync("keyword", 1));
        Assert.Equal([1], fixture.Served("keyword"));
        Assert.Equal(before, fixture.Entry("keyword", 1));
        fixture.WriteKeyword(1, "mended");
        Assert.Null(await fixture.LoadAsync("keyword"));
        Assert.Equal([1], fixture.Served("keyword"));
        Assert.NotEqual(before.Manifest!.Digest, fixture.Entry("keyword", 1).Manifest!.Digest);
    }

    [Fact]
    public async Task Reload_replaces_without_a_gap()
    {
        using var fixture = new RepositoryFixture();
        fixture.WriteKeyword(1);
        Assert.Null(await fixture.LoadAsync("keyword"));
        var ready = 0;
        var gaps = 0;
        void Look()
        {
            var entry = fixture.Entry("keyword", 1);
            if (entry.State == VersionState.Ready && entry.Loaded.Count == 1 && fixture.Engine.State.Variants.ContainsKey(entry.Loaded[0].Key)) ready++;
            else gaps++;
        }

        fixture.Repository.Changed += Look;
        fixture.Engine.OnLoad = (_, _) =>
        {
            Look();
            return Task.CompletedTask;
        };
        fixture.WriteKeyword(1, "new bytes");
        Assert.Null(await fixture.LoadAsync("keyword"));
        fixture.WriteKeyword(1, "newer bytes", "name: tiny-int8", "name: tiny-int4");
        Assert.Null(await fixture.LoadAsync("keyword"));
        Assert.Equal(0, gaps);
        Assert.InRange(ready, 4, 10);
        Assert.Equal([new VariantKey("keyword", 1, "tiny-int8")], fixture.Engine.Unloads);
        Assert.Equal("tiny-int4", Assert.Single(fixture.Engine.State.Variants).Key.Variant);
    }

    [Fact]
    public async Task Reload_of_an_unchanged_version_does_not_load_it_again()
    {
        using var fixture = new RepositoryFixture();
        fixture.WriteKeyword(1);
        Assert.Null(await fixture.LoadAsync("keyword"));
        Assert.Null(await fixture.LoadAsync("keyword"));
        Assert.Null(await fixture.LoadAsync("keyword", 1));
        Assert.Single(fixture.Engine.Loads);
    }

    [Fact]
    public async Task Newer_version_replaces_the_older_one_after_it_is_ready()
    {
        using var fixture = new RepositoryFixture();
        fixture.WritePlain("m", 1);
        Assert.Null(await fixture.LoadAsync("m"));
        fixture.WritePlain("m", 2, "bad");
        Assert.Contains("m@2: the graph cannot run", (await fixture.LoadAsync("m"))!.Message);
        Assert.Equal([1], fixture.Served("m"));
        Assert.Equal("the graph cannot run", fixture.Entry("m", 2).Reason);
        fixture.WritePlain("m", 2, "good");
        Assert.Null(await fixture.LoadAsync("m"));
        Assert.Equal([2], fixture.Served("m"));
        Assert.Equal("not served by the version policy", fixture.Entry("m", 1).Reason);
    }

    [Fact]
    public async Task Version_loaded_or_unloaded_by_name_overrides_the_policy()
    {
        using var fixture = new RepositoryFixture();
        for (var version = 1; version <= 3; version++) fixture.WritePlain("m", version);
        Assert.Null(await fixture.LoadAsync("m"));
        Assert.Null(await fixture.LoadAsync("m", 1));
        Assert.Equal([1, 3], fixture.Served("m"));
        Assert.Null(await fixture.UnloadAsync("m", 3));
        Assert.Equal([1], fixture.Served("m"));
        Assert.Equal("unloaded", fixture.Entry("m", 3).Reason);
        Assert.Null(await fixture.LoadAsync("m"));
        Assert.Equal([1], fixture.Served("m"));
        Assert.Null(await fixture.UnloadAsync("m", 1));
        Assert.Contains("every version was unloaded by name", (await fixture.LoadAsync("m"))!.Message);
        Assert.Null(await fixture.UnloadAsync("m"));
        Assert.Null(await fixture.LoadAsync("m"));
        Assert.Equal([3], fixture.Served("m"));
    }

    [Fact]
    public async Task Unload_of_a_model_ends_every_version_and_can_be_repeated()
    {
        using var fixture = new RepositoryFixture();
        for (var version = 1; version <= 3; version++) fixture.WritePlain("m", version);
        fixture.Folder.Write("m/config.yaml", "version_policy: { all: {} }");
        Assert.Null(await fixture.LoadAsync("m"));
        Assert.Null(await fixture.UnloadAsync("m"));
        Assert.Null(await fixture.UnloadAsync("m"));
        Assert.Empty(fixture.Served("m"));
        Assert.Empty(fixture.Engine.State.Variants);
        Assert.Equal(3, fixture.Repository.State.Models["m"].Versions.Count);
    }

    [Fact]
    public async Task Model_whose_folder_is_gone_serves_until_it_is_unloaded()
    {
        using var fixture = new RepositoryFixture();
        fixture.WritePlain("m", 1);
        Assert.Null(await fixture.LoadAsync("m"));
        Directory.Delete(fixture.Folder.PathOf("m"), recursive: true);
        Assert.NotNull(await fixture.LoadAsync("m"));
        Assert.Equal([1], fixture.Served("m"));
        Assert.Null(await fixture.UnloadAsync("m"));
        Assert.Empty(fixture.Served("m"));
    }

    [Fact]
    public async Task Load_that_is_cancelled_leaves_nothing_half_done()
    {
        using var fixture = new RepositoryFixture();
        using var cancel = new CancellationTokenSource();
        fixture.WritePlain("m", 1);
        fixture.Engine.OnLoad = (_, token) =>
        {
            cancel.Cancel();
            return Task.FromCanceled(token);
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await fixture.Repository.LoadAsync("m", null, cancel.Token));
        Assert.Empty(fixture.Served("m"));
        Assert.Equal("the load was cancelled", fixture.Entry("m", 1).Reason);
    }

    [Fact]
    public async Task Changes_of_one_model_come_one_after_another_and_of_two_side_by_side()
    {
        using var fixture = new RepositoryFixture();
        fixture.WritePlain("a", 1);
        fixture.WritePlain("b", 1);
        var open = new TaskCompletionSource();
        var started = new TaskCompletionSource();
        fixture.Engine.OnLoad = (variant, _) =>
        {
            if (variant.Key.Model == "b") return Task.CompletedTask;
            started.TrySetResult();
            return open.Task;
        };
        var first = fixture.LoadAsync("a");
        await started.Task;
        var second = fixture.UnloadAsync("a");
        Assert.Null(await fixture.LoadAsync("b"));
        Assert.False(second.IsCompleted);
        Assert.Equal(VersionState.Loading, fixture.Entry("a", 1).State);
        open.SetResult();
        Assert.Null(await first);
        Assert.Null(await second);
        Assert.Empty(fixture.Served("a"));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Any_order_of_changes_ends_consistent(int seed)
    {
        using var fixture = new RepositoryFixture();
        var random = new Random(seed);
        fixture.Folder.Write("m/config.yaml", "version_policy: { latest: { num_versions: 2 } }");
        for (var round = 0; round < 25; round++)
        {
            Spoil(fixture, random);
            await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => ChangeAsync(fixture, random.Next(5), random.Next(1, 4))));
            fixture.AssertConsistent();
            Assert.Equal(Expected(fixture), fixture.SealedCount);
        }
    }

    public static TheoryData<int> Seeds => new(Enumerable.Range(0, 20));

    private static void Spoil(RepositoryFixture fixture, Random random)
    {
        var version = random.Next(1, 4);
        string[] contents = ["plain", "bad", "refused", "external w.bin", "other"];
        fixture.WritePlain("m", version, contents[random.Next(contents.Length)]);
        if (random.Next(3) > 0) fixture.Folder.Write($"m/{version}/w.bin", $"weights {random.Next(2)}");
        else File.Delete(fixture.Folder.PathOf($"m/{version}/w.bin"));
    }

    private static async Task ChangeAsync(RepositoryFixture fixture, int kind, int version) => _ = kind switch
    {
        0 => await fixture.LoadAsync("m"),
        1 or 2 => await fixture.LoadAsync("m", version),
        3 => await fixture.UnloadAsync("m", version),
        _ => await fixture.UnloadAsync("m"),
    };

    /// <summary>As many sealed copies as models of external data that serve.</summary>
    private static int Expected(RepositoryFixture fixture) =>
        fixture.Engine.State.Variants.Keys.Count(key => fixture.Engine.Loads.Last(l => l.Key == key && l.Digest == fixture.Engine.State.Variants[key].Loaded.Digest).ExternalDataFolder is not null);
}
