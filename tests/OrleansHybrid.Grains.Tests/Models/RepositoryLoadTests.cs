using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Privacy;
using Xunit;

namespace OrleansHybrid.Grains.Tests.Models;

public class RepositoryLoadTests
{
    [Theory]
    [InlineData(Zone.Device, "tiny-int8")]
    [InlineData(Zone.Edge, "tiny-int8")]
    [InlineData(Zone.Cloud, "large")]
    public async Task Version_gives_the_first_variant_of_the_zone(Zone zone, string variant)
    {
        using var fixture = new RepositoryFixture(zone);
        fixture.WriteKeyword(1);
        Assert.Null(await fixture.LoadAsync("keyword"));
        Assert.Equal([1], fixture.Served("keyword"));
        var load = Assert.Single(fixture.Engine.Loads);
        Assert.Equal(new VariantKey("keyword", 1, variant), load.Key);
        Assert.Equal(16, load.Batching.MaxBatchSize);
        Assert.Equal("audio", load.Inputs![0].Name);
        Assert.Equal(load.Key, Assert.Single(fixture.Entry("keyword", 1).Loaded).Key);
    }

    [Fact]
    public async Task Version_without_a_variant_of_the_zone_is_ready_with_none_loaded()
    {
        using var fixture = new RepositoryFixture(Zone.Cloud);
        fixture.WriteKeyword(1, change: "[cloud]", to: "[edge]");
        Assert.Null(await fixture.LoadAsync("keyword"));
        Assert.Equal([1], fixture.Served("keyword"));
        Assert.Empty(fixture.Entry("keyword", 1).Loaded);
        Assert.Equal(2, fixture.Entry("keyword", 1).Manifest!.Variants.Count);
    }

    [Fact]
    public async Task Plain_folder_serves_in_every_zone_without_ceiling_batching_or_confidence()
    {
        using var fixture = new RepositoryFixture();
        fixture.WritePlain("mnist", 1);
        Assert.Null(await fixture.LoadAsync("mnist"));
        var entry = fixture.Entry("mnist", 1);
        Assert.Equal([1], fixture.Served("mnist"));
        Assert.True(entry.PlainFolder);
        Assert.Equal((PrivacyCeiling.Any, null, 0), (entry.Manifest!.Privacy, entry.Manifest.Confidence, entry.Manifest.Batching.MaxBatchSize));
        Assert.Equal(3, Assert.Single(entry.Manifest.Variants).Zones.Count);
        Assert.Equal("x", entry.Inputs[0].Name);
        Assert.Null(Assert.Single(fixture.Engine.Loads).Inputs);
    }

    [Theory]
    [InlineData(null, new[] { 10 })]
    [InlineData("{}", new[] { 10 })]
    [InlineData("version_policy: { latest: { num_versions: 2 } }", new[] { 3, 10 })]
    [InlineData("version_policy: { specific: { versions: [3, 1] } }", new[] { 1, 3 })]
    [InlineData("version_policy: { all: {} }", new[] { 1, 3, 10 })]
    public async Task Policy_says_which_versions_are_served(string? config, int[] served)
    {
        using var fixture = new RepositoryFixture();
        foreach (var version in new[] { 1, 3, 10 }) fixture.WritePlain("m", version);
        fixture.WritePlain("m", 0);
        fixture.Folder.Write("m/latest/model.onnx", "no number");
        fixture.Folder.Write("m/07/model.onnx", "no whole number");
        if (config is not null) fixture.Folder.Write("m/config.yaml", config);
        Assert.Null(await fixture.LoadAsync("m"));
        Assert.Equal(served, fixture.Served("m"));
        Assert.Equal([1, 3, 10], fixture.Repository.State.Models["m"].Versions.Select(v => v.Version));
        Assert.Equal(served[^1], fixture.Repository.State.Models["m"].Default!.Version);
    }

    [Theory]
    [InlineData("version_policy: { latest: { num_versions: 0 } }", "m: config.yaml:1:43 version_policy.latest.num_versions: expected a whole number from 1 to 100; came the number 0. Choose one in this range.")]
    [InlineData("version_policy: { newest: {} }", "m: config.yaml:1:17 version_policy: expected exactly one of latest, specific, all; came none. Keep one.\nm: config.yaml:1:19 version_policy.newest: expected one of latest, specific, all; came the unknown key 'newest'. Remove it.")]
    [InlineData("version_policy: { all: {}, latest: {} }", "m: config.yaml:1:17 version_policy: expected exactly one of latest, specific, all; came latest and all. Keep one.")]
    [InlineData("policy: all", "m: config.yaml:1:1 policy: expected version_policy; came the unknown key 'policy'. Remove it.")]
    [InlineData("version_policy: { specific: { versions: [7] } }", "m: config.yaml names version 7; there is no such folder. Add it, or correct version_policy.")]
    public async Task Policy_that_is_wrong_is_an_error(string config, string expected)
    {
        using var fixture = new RepositoryFixture();
        fixture.WritePlain("m", 1);
        fixture.Folder.Write("m/config.yaml", config);
        var failure = await fixture.LoadAsync("m");
        Assert.Equal((FailureCode.BadInput, expected), (failure!.Code, failure.Message));
        Assert.Empty(fixture.Served("m"));
    }

    [Fact]
    public async Task Policy_that_is_spoiled_later_leaves_what_serves()
    {
        using var fixture = new RepositoryFixture();
        fixture.WritePlain("m", 1);
        Assert.Null(await fixture.LoadAsync("m"));
        fixture.Folder.Write("m/config.yaml", "version_policy: [");
        Assert.NotNull(await fixture.LoadAsync("m"));
        Assert.Equal([1], fixture.Served("m"));
    }

    [Fact]
    public async Task Model_in_two_roots_is_an_error_that_names_both()
    {
        using var fixture = new RepositoryFixture();
        fixture.WritePlain("m", 1);
        fixture.Folder.Write("../others/m/1/model.onnx", "plain");
        var failure = await fixture.LoadAsync("m");
        Assert.Equal("m: expected the model in one repository; came 'models' (--models number 1) and 'others' (--models number 2). Keep one of the folders.", failure!.Message);
        Assert.Empty(fixture.Served("m"));
        Assert.Contains("Keep one of the folders", fixture.Entry("m", 1).Reason);
    }

    [Theory]
    [InlineData("absent")]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("../models/m")]
    [InlineData("m/1")]
    [InlineData("docs")]
    public async Task Unknown_model_is_not_found(string name)
    {
        using var fixture = new RepositoryFixture();
        fixture.WritePlain("m", 1);
        fixture.Folder.Write("docs/readme.txt", "no model");
        Assert.Equal(FailureCode.ModelNotFound, (await fixture.LoadAsync(name))!.Code);
        Assert.Equal(FailureCode.ModelNotFound, (await fixture.UnloadAsync(name))!.Code);
        Assert.Empty(fixture.Repository.State.Models);
    }

    [Fact]
    public async Task Unknown_version_is_not_found()
    {
        using var fixture = new RepositoryFixture();
        fixture.WritePlain("m", 1);
        Assert.Equal(FailureCode.VersionNotFound, (await fixture.LoadAsync("m", 2))!.Code);
        Assert.Null(await fixture.LoadAsync("m"));
        Assert.Equal(FailureCode.VersionNotFound, (await fixture.UnloadAsync("m", 2))!.Code);
        Assert.Equal([1], fixture.Served("m"));
    }

    [Fact]
    public async Task Start_loads_every_model_and_a_broken_one_stops_no_other()
    {
        using var fixture = new RepositoryFixture();
        fixture.WriteKeyword(1);
        fixture.WriteKeyword(2, change: "rule: max", to: "rule: maxi");
        fixture.Folder.Write("keyword/config.yaml", "version_policy: { all: {} }");
        for (var i = 0; i < 10; i++) fixture.WritePlain($"plain-{i}", 1, i == 4 ? "bad" : i == 5 ? "refused" : "plain");
        fixture.Folder.Write("empty/1/readme.txt", "nothing to run");
        fixture.Folder.Write("pipeline/train.py", "no model");
        fixture.WritePlain("a name", 1);
        var summary = await fixture.Repository.LoadAllAsync(CancellationToken.None);
        Assert.Equal(9, summary.Loaded.Count);
        Assert.Equal(["a name", "empty", "keyword", "plain-4", "plain-5"], summary.Broken.Select(b => b.Model));
        Assert.Equal("empty@1: expected 'model.yaml' or 'model.onnx' in the version's folder; came neither. Put one there.", summary.Broken[1].Reason);
        Assert.Equal("keyword@2: model.yaml:7:44 confidence.rule: expected one of max, margin, entropy, named; came 'maxi'. Did you mean 'max'?", summary.Broken[2].Reason);
        Assert.Equal("plain-5@1: model.onnx: an integer division may end the process", summary.Broken[4].Reason);
        Assert.Equal([1], fixture.Served("keyword"));
        Assert.Equal(VersionState.Unavailable, fixture.Entry("keyword", 2).State);
    }

    [Fact]
    public async Task Start_survives_a_bug_that_one_model_brings_out()
    {
        using var fixture = new RepositoryFixture(scan: onnx => onnx.Length == 3 ? throw new InvalidOperationException() : ManifestSample.Scan(onnx));
        fixture.WritePlain("a", 1, "bug");
        fixture.WritePlain("b", 1);
        var summary = await fixture.Repository.LoadAllAsync(CancellationToken.None);
        Assert.Equal("a: an internal error (InvalidOperationException) stopped its load. Please report it.", Assert.Single(summary.Broken).Reason);
        Assert.Equal([1], fixture.Served("b"));
    }

    [Fact]
    public async Task Tritons_own_configuration_is_ignored_with_a_notice()
    {
        using var fixture = new RepositoryFixture();
        fixture.WritePlain("m", 1);
        fixture.Folder.Write("m/config.pbtxt", "max_batch_size: 8");
        Assert.Null(await fixture.LoadAsync("m"));
        Assert.Contains("config.pbtxt is not read", Assert.Single(fixture.Notices));
    }
}
