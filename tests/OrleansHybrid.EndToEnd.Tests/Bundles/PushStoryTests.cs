using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.EndToEnd.Tests.Harness;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Bundles;

/// <summary>A version from the publisher's desk to every place of a farm of five processes, and the next one after it.</summary>
public sealed class PushStoryTests : IAsyncLifetime
{
    private readonly List<RecordingProxy> recorders = [];
    private readonly List<StoryPlace> places = [];
    private readonly List<TestCell> regions = [];
    private StoryFarm farm = null!;

    private StoryPlace[] Boxes => [.. places.Where(p => p.Zone == "device")];

    public async Task InitializeAsync()
    {
        farm = await StoryFarm.StartAsync();
        places.Add(StoryPlace.Of(farm.Central));
        foreach (var name in new[] { "eu-west", "us-east" })
        {
            var region = farm.NewRegion(name) with { UpstreamPort = Record(farm.Central).Port };
            await farm.StartAsync(region);
            regions.Add(region);
            places.Add(StoryPlace.Of(region));
        }

        foreach (var region in regions)
        {
            var box = await farm.JoinAsync("box-" + region.Name, region with { Grpc = Record(region).Port }, "--labels", "below=" + region.Name);
            places.Add(StoryPlace.Box("box-" + region.Name, box.Ports));
        }
    }

    public async Task DisposeAsync()
    {
        await farm.DisposeAsync();
        foreach (var recorder in recorders) await recorder.DisposeAsync();
    }

    [Fact]
    public async Task One_command_brings_a_version_everywhere_in_its_own_variant_and_the_next_replaces_it_without_a_failed_answer()
    {
        foreach (var version in new[] { 1, 2 }) farm.Desk.Prepare(version);
        var clock = Stopwatch.StartNew();
        await PushAsync(1);
        foreach (var place in places) Assert.Equal(place.Right(1), await place.AskAsync(farm.Http));
        await ToldEverywhereAsync(1);
        await AgesGrowAsync(1, clock);

        await using var traffic = StoryTraffic.At(farm.Http, places);
        await traffic.GoOnAsync();
        await PushAsync(2);
        foreach (var place in places) await Wait.Until(async () => !await place.ServesAsync(farm.Http, 1), $"the old version to leave {place.Name}");
        await traffic.GoOnAsync();
        var told = await traffic.StopAsync();
        foreach (var place in places) Assert.Equal([place.Right(1), place.Right(2)], told[place.Name]);
        await ToldEverywhereAsync(2);

        var asked = recorders.Select(r => r.Take()).ToArray();
        foreach (var version in new[] { 1, 2 }) NobodyBelowHasOrAskedForTheCloudsVariant(version, asked);
    }

    private async Task PushAsync(int version)
    {
        var pushed = await farm.PushAsync(version);
        Assert.Equal("", pushed.Error);
        Assert.Contains($"served   central/{farm.Central.Node()} (large)", pushed.Output, StringComparison.Ordinal);
        foreach (var place in places) await Wait.Until(() => place.ServesAsync(farm.Http, version), $"version {version} at {place.Name}");
    }

    /// <summary>Each cell of its own nodes, central of its regions' by number.</summary>
    private async Task ToldEverywhereAsync(int version)
    {
        await Wait.Until(async () => Versions(await NodesAsync(farm.Central)).SequenceEqual([$"{farm.Central.Node()} @{version} large serving"]), "central to tell what it runs");
        foreach (var region in regions)
        {
            string[] right = [$"box-{region.Name} @{version} tiny-int8 serving", $"{region.Node()} @{version} tiny-int8 serving"];
            await Wait.Until(async () => Versions(await NodesAsync(region)).SequenceEqual(right), $"{region.Name} to tell what its nodes run");
        }

        var counts = regions.SelectMany(r => new[] { $"{r.Name} device healthy @{version} serving 1", $"{r.Name} silo healthy @{version} serving 1" }).Order(StringComparer.Ordinal).ToArray();
        await Wait.Until(async () => Counts(await farm.GetAsync(farm.Central, "nodes")).SequenceEqual(counts), "central to tell what its regions run");
        Assert.Equal("eu-west", (string?)(await NodesAsync(regions[0])).First(n => (string?)n["kind"] == "device")["attributes"]!["labels"]!["below"]);
    }

    /// <summary>Nobody serves for longer than since the push, and a moment later everybody has for longer.</summary>
    private async Task AgesGrowAsync(int version, Stopwatch sincePush)
    {
        foreach (var cell in regions.Prepend(farm.Central))
        {
            var before = await AgesAsync(cell, version);
            Assert.All(before.Values, age => Assert.InRange(age, 0, sincePush.Elapsed.TotalSeconds + 1));
            await Wait.Until(async () => await AgesAsync(cell, version) is var now && before.All(b => now[b.Key] > b.Value), $"ages to grow at {cell.Name}");
            Assert.All((await AgesAsync(cell, version)).Values, age => Assert.InRange(age, 1, sincePush.Elapsed.TotalSeconds + 1));
        }
    }

    private void NobodyBelowHasOrAskedForTheCloudsVariant(int version, IReadOnlyList<byte[]> asked)
    {
        var cloud = DigestOf(version, KeywordDesk.CloudFile);
        var small = DigestOf(version, "tiny-int8.onnx");
        Assert.True(Holds(farm.Central.DataFolder(farm.Folder), cloud));
        foreach (var folder in regions.Select(r => r.DataFolder(farm.Folder)).Concat(Boxes.Select(b => farm.Sub(b.Name))))
        {
            Assert.True(Holds(folder, small));
            Assert.False(Holds(folder, cloud));
        }

        foreach (var sent in asked)
        {
            Assert.True(sent.AsSpan().IndexOf(Encoding.ASCII.GetBytes(small)) >= 0);
            Assert.True(sent.AsSpan().IndexOf(Encoding.ASCII.GetBytes(cloud)) < 0);
        }
    }

    private string DigestOf(int version, string file) => BundleDigests.Of(File.ReadAllBytes(Path.Combine(farm.Desk.Folder, Clips.Model, $"{version}", file)));

    private static bool Holds(string data, string digest) =>
        digest["sha256:".Length..] is var hex && File.Exists(Path.Combine(data, "bundles", "blobs", hex[..2], hex));

    /// <summary>Since when each node serves a version, seconds.</summary>
    private async Task<Dictionary<string, double>> AgesAsync(TestCell cell, int version) => (await NodesAsync(cell)).ToDictionary(
        n => (string)n["node"]!, n => (double)n["versions"]!.AsArray().Single(v => (int)v!["version"]! == version)!["since_seconds"]!);

    /// <summary>Node, version, variant and stage, in order.</summary>
    private static IEnumerable<string> Versions(IEnumerable<JsonNode> nodes) => nodes
        .SelectMany(n => n["versions"]!.AsArray().Select(v => $"{(string?)n["node"]} @{(int)v!["version"]!} {(string?)v["variant"]} {(string?)v["stage"]}"))
        .Order(StringComparer.Ordinal);

    /// <summary>What central tells of its regions' nodes, in order.</summary>
    private static IEnumerable<string> Counts(JsonNode page) => page["regions"]!["counts"]!.AsArray()
        .Select(c => $"{(string?)c!["region"]} {(string?)c["kind"]} {(string?)c["health"]} @{(int)c["version"]!} {(string?)c["stage"]} {(long)c["nodes"]!}")
        .Order(StringComparer.Ordinal);

    private async Task<JsonNode[]> NodesAsync(TestCell cell) => [.. (await farm.GetAsync(cell, "nodes"))["nodes"]!.AsArray().Select(n => n!)];

    private RecordingProxy Record(TestCell cell)
    {
        recorders.Add(RecordingProxy.To(cell.Grpc));
        return recorders[^1];
    }
}
