using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Nodes;
using Xunit;

namespace OrleansHybrid.Grains.Tests.Bundles;

/// <summary>What a place runs follows what it should run, and what served goes on until something else does.</summary>
public sealed class VersionInstallerTests : IDisposable
{
    private readonly InstallerFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    [Fact]
    public async Task Desired_version_is_served_with_the_zones_variant_alone()
    {
        await fixture.PublishAsync(1);
        Assert.True(await fixture.PassAsync());
        Assert.Equal([1], fixture.Served);
        Assert.Equal((NodeVersionStage.Serving, "tiny-int8", fixture.Entry!.Versions[0].Bundle), (fixture.Said(1).Stage, fixture.Said(1).Variant, fixture.Said(1).Bundle));
        Assert.DoesNotContain(fixture.Source.Asked, a => a.File == "large.onnx");
        Assert.Equal(["version.activate keyword@1"], fixture.Audit.Verbs);
    }

    [Fact]
    public async Task New_version_is_loaded_before_the_old_one_goes()
    {
        await fixture.PublishAsync(1);
        await fixture.PassAsync();
        await fixture.PublishAsync(2);
        int[]? during = null;
        fixture.Engine.OnLoad = (_, _) =>
        {
            during = fixture.Served;
            return Task.CompletedTask;
        };
        Assert.True(await fixture.PassAsync());
        Assert.Equal([1], during!);
        Assert.Equal([2], fixture.Served);
        Assert.Single(fixture.Installer.Versions);
    }

    [Fact]
    public async Task Failed_load_leaves_the_old_one_and_is_tried_again_later()
    {
        await fixture.PublishAsync(1);
        await fixture.PassAsync();
        await fixture.PublishAsync(2);
        fixture.Engine.OnLoad = (_, _) => throw new OperationCanceledException();
        await Assert.ThrowsAsync<OperationCanceledException>(fixture.PassAsync);
        Assert.Equal([1], fixture.Served);
        Assert.Empty(fixture.Store.Store.Activations.State.Marks);
        fixture.Engine.OnLoad = static (_, _) => Task.CompletedTask;
        Assert.True(await fixture.PassAsync());
        Assert.Equal([2], fixture.Served);
    }

    [Fact]
    public async Task Failed_probe_leaves_the_old_one_and_keeps_the_new_one_out_after_a_restart()
    {
        await fixture.PublishAsync(1);
        await fixture.PassAsync();
        await fixture.PublishAsync(2);
        fixture.Probe = version => version.Version == 2 ? "it says nothing" : null;
        Assert.False(await fixture.PassAsync());
        Assert.Equal([1], fixture.Served);
        Assert.Equal(NodeVersionStage.Failed, fixture.Said(2).Stage);
        Assert.Contains("it says nothing", fixture.Said(2).Reason);
        await fixture.RestartAsync();
        Assert.Equal([1], fixture.Served);
        Assert.False(await fixture.PassAsync());
        Assert.Equal([1], fixture.Served);
    }

    [Fact]
    public async Task Version_that_ended_two_starts_is_quarantined_and_the_last_good_one_serves()
    {
        await fixture.PublishAsync(1);
        await fixture.PassAsync();
        await fixture.PublishAsync(2);
        var two = new ModelVersionKey("keyword", 2);
        for (var start = 0; start < Limits.ActivationStartsMax; start++)
        {
            await fixture.RestartAsync();
            Assert.Equal([1], fixture.Served); // A start never loads what is not known to be good.
            await fixture.Store.Store.Activations.BeginAsync(two, fixture.Entry!.Find(2)!.Bundle, default); // And the process dies here.
        }

        await fixture.RestartAsync();
        Assert.False(await fixture.PassAsync());
        Assert.Equal([1], fixture.Served);
        Assert.Contains("quarantined", fixture.Said(2).Reason);
    }

    [Fact]
    public async Task Blocked_version_gives_way_to_the_one_before_it()
    {
        await fixture.PublishAsync(1);
        await fixture.PassAsync();
        await fixture.PublishAsync(2);
        await fixture.PassAsync();
        var asked = fixture.Source.Asked.Count;
        fixture.Block(2);
        Assert.True(await fixture.PassAsync());
        Assert.Equal([1], fixture.Served);
        Assert.Equal(asked, fixture.Source.Asked.Count); // It was still here.
        Assert.Equal("version.revert keyword@1", fixture.Audit.Verbs.Last());
    }

    [Fact]
    public async Task Refused_file_is_told_once_and_the_old_version_serves()
    {
        await fixture.PublishAsync(1);
        await fixture.PassAsync();
        await fixture.PublishAsync(2);
        fixture.Source.Instead["tiny-int8.onnx"] = "Tiny keyword 2"u8.ToArray();
        for (var i = 0; i < 3; i++)
        {
            Assert.False(await fixture.PassAsync());
            fixture.Clock.Advance(Limits.InstallRetryMax);
        }

        Assert.Equal([1], fixture.Served);
        Assert.Equal(NodeVersionStage.Failed, fixture.Said(2).Stage);
        Assert.Equal(1, fixture.Audit.Changes.Count(c => c.What == "version.refused" && c.Why.StartsWith("AlteredFile", StringComparison.Ordinal)));
        fixture.Source.Instead.Clear();
        fixture.Clock.Advance(2 * Limits.InstallRetryMax);
        Assert.True(await fixture.PassAsync());
        Assert.Equal([2], fixture.Served);
    }

    [Fact]
    public async Task Broken_link_is_tried_again_after_a_pause_that_grows()
    {
        await fixture.PublishAsync(1);
        fixture.Source.BreaksOnce = ("model.sig", 0);
        Assert.False(await fixture.PassAsync());
        Assert.False(await fixture.PassAsync());
        Assert.Single(fixture.Source.Asked);
        Assert.Contains("broke off", fixture.Said(1).Reason);
        fixture.Clock.Advance(2 * Limits.InstallRetryMin);
        Assert.True(await fixture.PassAsync());
    }

    [Fact]
    public async Task Nothing_desired_unloads_what_was_published()
    {
        await fixture.PublishAsync(1);
        await fixture.PassAsync();
        fixture.Block(1);
        Assert.True(await fixture.PassAsync());
        Assert.Empty(fixture.Served);
        Assert.Empty(fixture.Installer.Versions);
    }
}
