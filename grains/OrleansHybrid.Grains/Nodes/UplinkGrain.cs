using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using OrleansHybrid.Contracts.Nodes;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Nodes;

namespace OrleansHybrid.Grains.Nodes;

/// <summary>Gives one silo at a time the turn to report upwards, and numbers the reports.</summary>
[GrainType("hybrid.uplink")]
public sealed class UplinkGrain([PersistentState("uplink")] IPersistentState<UplinkState> state, [FromKeyedServices(HybridClock.Key)] TimeProvider clock) : Grain, IUplinkGrain
{
    private const int BootBytes = 16;
    private string holder = "";
    private long heldAt;
    private long epoch;
    private long sequence;
    private bool begun;

    public async Task<UplinkTurn?> TakeTurnAsync(string silo, CancellationToken cancellationToken)
    {
        if (holder.Length > 0 && holder != silo && clock.GetElapsedTime(heldAt) < Limits.RegionTurnMax) return null;
        if (!begun) await BeginAsync(cancellationToken);
        (holder, heldAt) = (silo, clock.GetTimestamp());
        return new UplinkTurn(new NodeInstance(state.State.Boot, state.State.Previous), epoch, ++sequence);
    }

    public async Task AnsweredAsync(string boot, long knownEpoch, long knownSequence, CancellationToken cancellationToken)
    {
        if (boot != state.State.Boot) return;
        if (knownEpoch > epoch) (epoch, sequence) = (knownEpoch + 1, 0);
        else if (knownEpoch == epoch && knownSequence > sequence) sequence = knownSequence;
        if (state.State.Answered && state.State.Epoch == epoch) return;
        await WriteAsync(boot, state.State.Previous, answered: true, cancellationToken);
    }

    /// <summary>Written before the first turn: a run that nobody could follow would look like a copy.</summary>
    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        var before = state.State;
        IReadOnlyList<string> previous = before.Boot.Length == 0 ? [] : [before.Boot, .. before.Answered ? [] : before.Previous];
        epoch = before.Epoch + 1;
        await WriteAsync(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(BootBytes)), [.. previous.Take(Limits.InstancePreviousMax)], answered: false, cancellationToken);
        begun = true;
    }

    private Task WriteAsync(string boot, IReadOnlyList<string> previous, bool answered, CancellationToken cancellationToken)
    {
        state.State = new UplinkState { Boot = boot, Previous = previous, Epoch = epoch, Answered = answered };
        return state.WriteStateAsync(cancellationToken);
    }
}

/// <summary>What is stored of the way up.</summary>
[GenerateSerializer, Alias("hybrid.uplink-state")]
public sealed class UplinkState
{
    [Id(0)] public string Boot { get; set; } = "";

    [Id(1)] public IReadOnlyList<string> Previous { get; set; } = [];

    [Id(2)] public long Epoch { get; set; }

    /// <summary>The cell above answered a report of this run.</summary>
    [Id(3)] public bool Answered { get; set; }
}
