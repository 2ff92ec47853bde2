using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Nodes;
using OrleansHybrid.Links.Machine;

namespace OrleansHybrid.Cli.Node;

/// <summary>The box's meters, read on an interval: requests and reports see the last reading.</summary>
/// <param name="answers">Given so far.</param>
internal sealed class NodeMeters(MachineMeters meters, Func<long> answers, TimeProvider clock)
{
    private readonly EnergyTally tally = new();
    private MachineReading reading = meters.Read();
    private NodeEnergy? energy;

    public MachineReading Reading => Volatile.Read(ref reading);

    public NodeEnergy? Energy => Volatile.Read(ref energy);

    /// <summary>Until it is cancelled; the first reading is taken at once.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Limits.NodeEnergyInterval, clock);
        do
        {
            var read = meters.Read();
            Volatile.Write(ref reading, read);
            Volatile.Write(ref energy, tally.Add(read, answers()));
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }
}
