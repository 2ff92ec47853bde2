using Orleans.Storage;
using OrleansHybrid.Contracts.Routing;
using OrleansHybrid.Domain.Routing;

namespace OrleansHybrid.Grains.Routing;

/// <summary>Keeps a cell's policies. One document in the store, so that a revision is there whole or not at all.</summary>
/// <remarks>Two activations of it can live for a moment; the store's ETag decides, and the loser judges the offer again by what the winner wrote.</remarks>
[GrainType("hybrid.policy")]
public sealed class PolicyGrain([PersistentState("policies")] IPersistentState<PolicyGrainState> state) : Grain, IPolicyGrain
{
    public async Task<PolicyReceipt> OfferAsync(PolicyOffer offer, CancellationToken cancellationToken)
    {
        try
        {
            return await TakeAsync(offer, cancellationToken);
        }
        catch (InconsistentStateException)
        {
            await state.ReadStateAsync(cancellationToken);
            return await TakeAsync(offer, cancellationToken);
        }
    }

    public Task<PolicyHead> HeadAsync(long revision, string digest, CancellationToken cancellationToken) => Task.FromResult(state.State.Store.HeadFor(revision, digest));

    public Task<IReadOnlyList<PolicyRevision>> ListAsync(CancellationToken cancellationToken) => Task.FromResult(state.State.Store.Revisions());

    public Task<PolicyDocument?> FindAsync(long revision, CancellationToken cancellationToken) => Task.FromResult(state.State.Store.Find(revision));

    /// <summary>What could not be written is not kept in memory either: the next offer is judged by what is stored.</summary>
    private async Task<PolicyReceipt> TakeAsync(PolicyOffer offer, CancellationToken cancellationToken)
    {
        var before = state.State;
        var (store, receipt) = PolicyStoreRules.Accept(before.Store, offer);
        if (ReferenceEquals(store, before.Store)) return receipt;
        try
        {
            state.State = new PolicyGrainState { Store = store };
            await state.WriteStateAsync(cancellationToken);
            return receipt;
        }
        catch
        {
            state.State = before;
            throw;
        }
    }
}

/// <summary>What is stored of a cell's policies.</summary>
[GenerateSerializer, Alias("hybrid.policy-state")]
public sealed class PolicyGrainState
{
    [Id(0)] public PolicyStore Store { get; set; } = PolicyStore.Empty;
}
