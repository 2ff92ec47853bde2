using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.Domain.Models;
using Xunit;

namespace OrleansHybrid.Grains.Tests.Bundles;

public sealed class ActivationTests : IDisposable
{
    private static readonly ModelVersionKey One = new("keyword", 1);
    private static readonly ModelVersionKey Two = new("keyword", 2);

    private readonly StoreFixture fixture = new();
    private CatalogueVersions versions = null!;

    public void Dispose() => fixture.Dispose();

    [Fact]
    public async Task Version_that_two_starts_died_of_is_quarantined_and_the_last_good_one_serves()
    {
        await StageBothAsync();
        await BeginAndDieAsync();
        Assert.Null(fixture.Store.WhyNot(Two));
        await BeginAndDieAsync();
        Assert.Contains("quarantined", fixture.Store.WhyNot(Two));
        Assert.Contains(fixture.Notices, n => n.Contains("keyword@2"));
        Assert.Contains("2 times", await fixture.Store.Activations.BeginAsync(Two, versions.Two, CancellationToken.None));
        Assert.Equal([new GoodVersion(One, versions.One)], ActivationRules.Choose(fixture.Store.Activations.State, "keyword", [new GoodVersion(Two, versions.Two)]));

        var (repository, _) = fixture.OpenRepository();
        Assert.Null((await repository.LoadAsync("keyword", null, CancellationToken.None)).Failure);
        Assert.Equal(1, repository.State.Models["keyword"].Default!.Version);
        Assert.Contains("quarantined", repository.State.Models["keyword"].Find(2)!.Reason);
        Assert.Contains("quarantined", (await repository.LoadAsync("keyword", 2, CancellationToken.None)).Failure!.Message);
    }

    [Fact]
    public async Task Release_lets_a_quarantined_version_be_tried_again()
    {
        await StageBothAsync();
        await fixture.Store.Activations.QuarantineAsync(Two, versions.Two, "the probe failed", CancellationToken.None);
        Assert.NotNull(fixture.Store.WhyNot(Two));
        await fixture.Store.Activations.ReleaseAsync(Two, CancellationToken.None);
        Assert.Null(await fixture.Store.Activations.BeginAsync(Two, versions.Two, CancellationToken.None));
    }

    [Fact]
    public async Task Load_that_ended_with_a_reason_counts_as_no_death()
    {
        await StageBothAsync();
        for (var i = 0; i < 5; i++)
        {
            Assert.Null(await fixture.Store.Activations.BeginAsync(Two, versions.Two, CancellationToken.None));
            await fixture.Store.Activations.EndedAsync(Two, CancellationToken.None);
            await fixture.RestartAsync();
        }

        Assert.Null(fixture.Store.WhyNot(Two));
    }

    [Fact]
    public async Task Two_tries_of_one_start_count_once()
    {
        await StageBothAsync();
        await fixture.Store.Activations.BeginAsync(Two, versions.Two, CancellationToken.None);
        await BeginAndDieAsync();
        Assert.Null(fixture.Store.WhyNot(Two));
    }

    [Fact]
    public async Task Last_good_version_is_never_quarantined()
    {
        await StageBothAsync();
        for (var i = 0; i < 3; i++)
        {
            Assert.Null(await fixture.Store.Activations.BeginAsync(One, versions.One, CancellationToken.None));
            await fixture.RestartAsync();
        }

        await fixture.Store.Activations.QuarantineAsync(One, versions.One, "an operator's mistake", CancellationToken.None);
        Assert.Null(fixture.Store.WhyNot(One));
    }

    [Fact]
    public async Task Broken_index_is_set_aside_and_stops_nothing()
    {
        await StageBothAsync();
        File.WriteAllText(fixture.PathOf("index.json"), "{\"lastGood\": [");
        await fixture.RestartAsync();
        Assert.Empty(fixture.Store.Activations.State.LastGood);
        Assert.True(File.Exists(fixture.PathOf("index.json.broken")));
        Assert.Single(fixture.Notices);
        var (repository, _) = fixture.OpenRepository();
        Assert.Null((await repository.LoadAsync("keyword", null, CancellationToken.None)).Failure);
    }

    private async Task StageBothAsync()
    {
        var (one, two) = (await fixture.Source.PublishAsync(1), await fixture.Source.PublishAsync(2));
        await fixture.StageAsync(one, "tiny-int8.onnx");
        await fixture.StageAsync(two, "tiny-int8.onnx");
        versions = new(one.Bundle, two.Bundle);
        await fixture.Store.Activations.BeginAsync(One, versions.One, CancellationToken.None);
        await fixture.Store.Activations.SucceededAsync(One, versions.One, CancellationToken.None);
    }

    private async Task BeginAndDieAsync()
    {
        Assert.Null(await fixture.Store.Activations.BeginAsync(Two, versions.Two, CancellationToken.None));
        await fixture.RestartAsync();
    }

    private sealed record CatalogueVersions(string One, string Two);
}
