using Orleans.Storage;
using OrleansHybrid.Contracts;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Grains.Routing;
using OrleansHybrid.Grains.Tests.Harness;
using Xunit;

namespace OrleansHybrid.Grains.Tests.Routing;

public sealed class PolicyGrainTests
{
    [Fact]
    public async Task Policy_accepted_on_one_silo_is_the_heads_on_every_other()
    {
        await using var cell = await TestCell.StartAsync(new GatedInference(), silos: 2);
        var (one, other) = (cell.Service<IGrainFactory>().GetPolicy(Sample.Cell), cell.Service<IGrainFactory>(1).GetPolicy(Sample.Cell));

        Assert.Equal(PolicyVerdict.Accepted, (await one.OfferAsync(new PolicyOffer(Document(3)), default)).Verdict);

        var head = await other.HeadAsync(2, "sha256:2", default);
        Assert.Equal((3, "text of 3"), (head.Revision, head.Document!.Text));
        Assert.Null((await other.HeadAsync(3, "sha256:3", default)).Document);
        Assert.Equal(PolicyVerdict.RevisionRefused, (await other.OfferAsync(new PolicyOffer(Document(2)), default)).Verdict);
    }

    [Fact]
    public async Task Every_accepted_revision_is_listed_and_read_after_a_restart_of_the_grain()
    {
        await using var cell = await TestCell.StartAsync(new GatedInference());
        var policies = cell.Client.GetPolicy(Sample.Cell);
        foreach (var revision in new[] { 1, 2, 5 }) await policies.OfferAsync(new PolicyOffer(Document(revision)), default);

        await cell.DeactivateAsync(policies);

        Assert.Equal([1, 2, 5], (await policies.ListAsync(default)).Select(r => r.Revision));
        Assert.Equal("text of 2", (await policies.FindAsync(2, default))!.Text);
        Assert.Null(await policies.FindAsync(4, default));
        Assert.Equal(PolicyVerdict.Superseded, (await policies.OfferAsync(new PolicyOffer(Document(2)), default)).Verdict);
    }

    [Fact]
    public async Task Offer_that_lost_to_another_activation_is_judged_again_by_what_that_one_wrote()
    {
        var storage = new ConflictOnce(new PolicyGrainState { Store = new PolicyStore([Document(9)]) });
        await using var cell = await TestCell.StartAsync(new GatedInference(), storage: storage);
        var policies = cell.Client.GetPolicy(Sample.Cell);

        var receipt = await policies.OfferAsync(new PolicyOffer(Document(4)), default);

        Assert.Equal((PolicyVerdict.RevisionRefused, 9), (receipt.Verdict, receipt.Current));
        Assert.Equal(9, (await policies.HeadAsync(0, "", default)).Revision);
    }

    [Fact]
    public async Task Policy_that_could_not_be_stored_is_not_the_current_one()
    {
        var storage = new ConflictOnce(null) { Fails = true };
        await using var cell = await TestCell.StartAsync(new GatedInference(), storage: storage);
        var policies = cell.Client.GetPolicy(Sample.Cell);

        await Assert.ThrowsAnyAsync<Exception>(() => policies.OfferAsync(new PolicyOffer(Document(4)), default));

        Assert.Equal(0, (await policies.HeadAsync(0, "", default)).Revision);
        storage.Fails = false;
        Assert.Equal(PolicyVerdict.Accepted, (await policies.OfferAsync(new PolicyOffer(Document(4)), default)).Verdict);
    }

    private static PolicyDocument Document(long revision) => new("farm", revision, $"text of {revision}", $"sha256:{revision}", DateTimeOffset.UnixEpoch, "tests");

    /// <summary>A store whose first write of a policy finds another activation's there.</summary>
    private sealed class ConflictOnce(PolicyGrainState? winner) : IGrainStorage
    {
        private readonly CountingStorage kept = new();
        private bool conflicted = winner is null;

        public bool Fails { get; set; }

        public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            if (typeof(T) != typeof(PolicyGrainState) || !conflicted || winner is null) return kept.ReadStateAsync(stateName, grainId, grainState);
            (grainState.State, grainState.RecordExists) = ((T)(object)winner, true);
            return Task.CompletedTask;
        }

        public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            if (typeof(T) != typeof(PolicyGrainState)) return kept.WriteStateAsync(stateName, grainId, grainState);
            if (Fails) throw new IOException("The disk is full.");
            if (conflicted) return kept.WriteStateAsync(stateName, grainId, grainState);
            conflicted = true;
            throw new InconsistentStateException("Another activation wrote.", "2", "1");
        }

        public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => kept.ClearStateAsync(stateName, grainId, grainState);
    }
}
