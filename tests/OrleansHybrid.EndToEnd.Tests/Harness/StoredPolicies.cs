using System.Reflection;
using OrleansHybrid.Contracts.Routing;
using OrleansHybrid.Domain.Routing;

namespace OrleansHybrid.EndToEnd.Tests.Harness;

/// <summary>A cell's policy grain without a cell: the same rules, in memory.</summary>
internal sealed class StoredPolicies : IPolicyGrain
{
    public PolicyStore Store { get; set; } = PolicyStore.Empty;

    /// <summary>A grain factory that knows this grain alone.</summary>
    public IGrainFactory Grains
    {
        get
        {
            var grains = DispatchProxy.Create<IGrainFactory, OnlyGrain>();
            ((OnlyGrain)(object)grains).Grain = this;
            return grains;
        }
    }

    public Task<PolicyReceipt> OfferAsync(PolicyOffer offer, CancellationToken cancellationToken)
    {
        (Store, var receipt) = PolicyStoreRules.Accept(Store, offer);
        return Task.FromResult(receipt);
    }

    public Task<PolicyHead> HeadAsync(long revision, string digest, CancellationToken cancellationToken) => Task.FromResult(Store.HeadFor(revision, digest));

    public Task<IReadOnlyList<PolicyRevision>> ListAsync(CancellationToken cancellationToken) => Task.FromResult(Store.Revisions());

    public Task<PolicyDocument?> FindAsync(long revision, CancellationToken cancellationToken) => Task.FromResult(Store.Find(revision));

    /// <summary>Answers every call with the one grain.</summary>
    public class OnlyGrain : DispatchProxy
    {
        public object? Grain { get; set; }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => Grain;
    }
}
