using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Storage;
using OrleansHybrid.Contracts.Nodes;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Nodes;

namespace OrleansHybrid.Grains.Nodes;

/// <summary>Keeps a cell's fleet key, join tokens and revocations: load, ask the rules, write, answer.</summary>
/// <remarks>
/// A change counts when it is written. The store is looked at again at an interval, since a cell can have two activations for a while. A store that knows
/// less than this activation has forgotten: what is here stands, and is written again.
/// </remarks>
[GrainType("hybrid.fleet-trust-keeper")]
public sealed class FleetTrustGrain(
    [PersistentState("fleet-trust")] IPersistentState<FleetTrustState> state,
    [FromKeyedServices(HybridClock.Key)] TimeProvider clock,
    ILogger<FleetTrustGrain> log) : Grain, IFleetTrustGrain
{
    private FleetTrust trust = FleetTrust.Empty;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        trust = state.State.Trust ?? FleetTrust.Empty;
        this.RegisterGrainTimer(RereadAsync, new GrainTimerCreationOptions(Limits.FleetTrustRereadInterval, Limits.FleetTrustRereadInterval));
        return Task.CompletedTask;
    }

    public async Task<FleetTrust?> ReadAsync(long knownRevision, CancellationToken cancellationToken)
    {
        if (trust.FleetKey.Length == 0)
        {
            var key = RandomNumberGenerator.GetBytes(FleetTrustRules.KeyBytes);
            await ChangeAsync(current => (FleetTrustRules.WithKey(current, key, clock.GetUtcNow()), true), cancellationToken);
        }

        return trust.Revision == knownRevision ? null : trust;
    }

    public Task<JoinTokenChange> CreateTokenAsync(NewJoinToken token, string id, string hash, CancellationToken cancellationToken) =>
        ChangeAsync(current => JoinTokenRules.Add(current, token, id, hash, clock.GetUtcNow()), cancellationToken);

    public Task<JoinTokenChange> RevokeTokenAsync(string id, CancellationToken cancellationToken) =>
        ChangeAsync(current => JoinTokenRules.Revoke(current, id, clock.GetUtcNow()), cancellationToken);

    public Task<JoinTokenChange> UseTokenAsync(string id, string hash, CancellationToken cancellationToken) =>
        ChangeAsync(current => JoinTokenRules.Use(current, id, hash, clock.GetUtcNow()), cancellationToken);

    public Task<InferenceFailure?> RevokeSerialAsync(string serial, CancellationToken cancellationToken) =>
        ChangeAsync(current => FleetTrustRules.Revoke(current, serial, clock.GetUtcNow()), cancellationToken);

    public Task<InferenceFailure?> RevokeRegionAsync(string region, string serial, CancellationToken cancellationToken) =>
        ChangeAsync(current => RegionRevocationRules.Revoke(current, region, serial, clock.GetUtcNow()), cancellationToken);

    public Task ReadmitRegionAsync(string region, CancellationToken cancellationToken) =>
        ChangeAsync(current => (RegionRevocationRules.Readmit(current, region, clock.GetUtcNow()), true), cancellationToken);

    public Task<InferenceFailure?> KnowRegionAsync(string region, CancellationToken cancellationToken) =>
        ChangeAsync(current => FleetTrustRules.Know(current, region, clock.GetUtcNow()), cancellationToken);

    /// <summary>Another activation that wrote in between is heard, and the change is made on top of what it wrote.</summary>
    private async Task<T> ChangeAsync<T>(Func<FleetTrust, (FleetTrust Trust, T Answer)> change, CancellationToken cancellationToken)
    {
        try
        {
            return await TryChangeAsync(change, cancellationToken);
        }
        catch (InconsistentStateException)
        {
            await RereadAsync(cancellationToken);
            return await TryChangeAsync(change, cancellationToken);
        }
    }

    private async Task<T> TryChangeAsync<T>(Func<FleetTrust, (FleetTrust Trust, T Answer)> change, CancellationToken cancellationToken)
    {
        var (next, answer) = change(trust);
        if (next.Revision != trust.Revision) await WriteAsync(next, cancellationToken);
        return answer;
    }

    private async Task WriteAsync(FleetTrust next, CancellationToken cancellationToken)
    {
        state.State = new FleetTrustState { Trust = next };
        await state.WriteStateAsync(cancellationToken);
        trust = next;
    }

    private async Task RereadAsync(CancellationToken cancellationToken)
    {
        await state.ReadStateAsync(cancellationToken);
        var stored = state.State.Trust ?? FleetTrust.Empty;
        if (stored.Revision > trust.Revision) trust = stored;
        if (stored.Revision >= trust.Revision) return;
        log.LogWarning("The store forgot by what the cell knows its nodes (it has revision {Stored}, this silo {Own}); it is written again.", stored.Revision, trust.Revision);
        await WriteAsync(trust, cancellationToken);
    }
}

/// <summary>What is stored of a cell's trust in its nodes.</summary>
[GenerateSerializer, Alias("hybrid.fleet-trust-state")]
public sealed class FleetTrustState
{
    [Id(0)] public FleetTrust? Trust { get; set; }
}
