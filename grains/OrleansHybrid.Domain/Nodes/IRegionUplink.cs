namespace OrleansHybrid.Domain.Nodes;

/// <summary>A region's way to report to the cell above.</summary>
public interface IRegionUplink
{
    /// <summary>False: there is nothing above, or the link is cut on purpose. Nothing is sent then.</summary>
    bool IsOpen { get; }

    /// <summary>The link as this silo measures it.</summary>
    RegionLink Link { get; }

    /// <summary>Keys of documents that have expired here.</summary>
    IReadOnlyList<string> ExpiredDocuments { get; }

    ValueTask<RegionAnswer> ReportAsync(RegionCheckIn checkIn, CancellationToken cancellationToken);
}

/// <summary>What the cell above said: one of the two is set.</summary>
public sealed record RegionAnswer(CheckInOutcome? Outcome, InferenceFailure? Failure);

/// <summary>A cell with nothing above it.</summary>
public sealed class NothingAbove : IRegionUplink
{
    public bool IsOpen => false;

    public RegionLink Link { get; } = new("unknown", 0, 0, 0);

    public IReadOnlyList<string> ExpiredDocuments => [];

    public ValueTask<RegionAnswer> ReportAsync(RegionCheckIn checkIn, CancellationToken cancellationToken) =>
        ValueTask.FromResult(new RegionAnswer(null, new InferenceFailure(FailureCode.NoEligibleZone, "This cell has nothing above it.")));
}
