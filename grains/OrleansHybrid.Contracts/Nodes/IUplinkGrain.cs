using OrleansHybrid.Domain.Nodes;

namespace OrleansHybrid.Contracts.Nodes;

/// <summary>Whose turn it is to report to the cell above: one silo of the cell at a time. Key: the cell's name.</summary>
/// <remarks>Each activation is one run of the region: it makes a boot id and writes it down before it gives the first turn, so that two cells restored from one backup are told apart above.</remarks>
[Alias("hybrid.uplink"), GrainInterfaceType("hybrid.uplink")]
public interface IUplinkGrain : IGrainWithStringKey
{
    /// <summary>The turn, for <see cref="Domain.Limits.RegionTurnMax"/>; null while another silo has it.</summary>
    [Alias("take-turn")]
    Task<UplinkTurn?> TakeTurnAsync(string silo, CancellationToken cancellationToken);

    /// <summary>The cell above answered: what is known there now.</summary>
    [Alias("answered")]
    Task AnsweredAsync(string boot, long epoch, long sequence, CancellationToken cancellationToken);
}
