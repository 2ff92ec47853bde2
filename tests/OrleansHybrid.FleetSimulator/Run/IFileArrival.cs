using OrleansHybrid.Domain.Nodes;

namespace OrleansHybrid.FleetSimulator.Run;

/// <summary>How a version's files come to a node.</summary>
internal interface IFileArrival
{
    /// <summary>Returns when all of them are here and are what the catalogue says, or with why not.</summary>
    /// <exception cref="NodeDiedException">As was planned.</exception>
    Task<Arrival> ArriveAsync(DesiredVersion wanted, CancellationToken cancellationToken);
}

/// <param name="Broken">The link: it goes on where it was. Null: it did not break.</param>
/// <param name="Refused">What came, or would have, is refused. Null: nothing was.</param>
internal readonly record struct Arrival(string? Broken, string? Refused)
{
    public bool IsDone => Broken is null && Refused is null;
}

/// <summary>A node's process ended as by a kill.</summary>
internal sealed class NodeDiedException : Exception;
