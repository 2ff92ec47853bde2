using OrleansHybrid.Domain.Nodes;

namespace OrleansHybrid.Contracts.Nodes;

/// <summary>A region as central knows it: last report, link, totals over all its epochs. Key: the region's name.</summary>
[Alias("hybrid.region"), GrainInterfaceType("hybrid.region")]
public interface IRegionGrain : IGrainWithStringKey
{
    /// <summary>Takes a region's report unless it is of another copy of the region, or a later one is known.</summary>
    [Alias("check-in")]
    Task<CheckInOutcome> CheckInAsync(RegionCheckIn checkIn, CancellationToken cancellationToken);

    /// <summary>The last report with its age; health is unknown before the first.</summary>
    [Alias("get")]
    Task<RegionStatus> GetAsync(CancellationToken cancellationToken);

    /// <summary>Notes the region's credential. When this returns it is written.</summary>
    /// <returns>The serial of the credential that it replaces; empty: none.</returns>
    [Alias("enrol")]
    Task<string> EnrolAsync(string serial, CancellationToken cancellationToken);

    /// <summary>The serial of the credential that it enrolled with; empty: it has none.</summary>
    [Alias("credential")]
    Task<string> CredentialAsync(CancellationToken cancellationToken);

    /// <summary>Its name may be taken anew at once, as if it had been silent for long. What it reported stays.</summary>
    [Alias("forget")]
    Task ForgetAsync(CancellationToken cancellationToken);
}
