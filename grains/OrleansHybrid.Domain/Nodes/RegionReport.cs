namespace OrleansHybrid.Domain.Nodes;

/// <summary>What a region says of itself to the cell above.</summary>
/// <param name="Region">The region's cell.</param>
/// <param name="Totals">Since their epochs began, never differences.</param>
/// <param name="ExpiredDocuments">Keys of documents that have expired there.</param>
[GenerateSerializer, Immutable, Alias("hybrid.region-report")]
public sealed record RegionReport(
    [property: Id(0)] string Region,
    [property: Id(1)] Zone Zone,
    [property: Id(2)] NodeCounts Counts,
    [property: Id(3)] RegionLink Link,
    [property: Id(4)] IReadOnlyList<VersionTotal> Totals,
    [property: Id(5)] IReadOnlyList<string> ExpiredDocuments);

/// <summary>The region's link upwards as the region measures it.</summary>
[GenerateSerializer, Immutable, Alias("hybrid.region-link")]
public sealed record RegionLink(
    [property: Id(0)] string Health,
    [property: Id(1)] double RoundTripMsP95,
    [property: Id(2)] double Loss,
    [property: Id(3)] long SinceSeconds);

/// <summary>What a version did in a region since an epoch began.</summary>
/// <param name="Epoch">When the region began to count it. A region whose store forgot counts anew, under a later epoch.</param>
[GenerateSerializer, Immutable, Alias("hybrid.version-total")]
public sealed record VersionTotal(
    [property: Id(0)] string Model,
    [property: Id(1)] int Version,
    [property: Id(2)] long Epoch,
    [property: Id(3)] long Requests,
    [property: Id(4)] long Failures);

/// <summary>A region's check-in, authenticated.</summary>
/// <param name="Report">Null: nothing changed.</param>
/// <param name="Serial">Of the credential; empty: the cell's link key.</param>
[GenerateSerializer, Immutable, Alias("hybrid.region-check-in")]
public sealed record RegionCheckIn(
    [property: Id(0)] string Region,
    [property: Id(1)] string Serial,
    [property: Id(2)] NodeInstance Instance,
    [property: Id(3)] long Epoch,
    [property: Id(4)] long Sequence,
    [property: Id(5)] long DocumentsRevision,
    [property: Id(6)] RegionReport? Report,
    [property: Id(7)] long UnchangedSince);

/// <summary>A region as central knows it.</summary>
/// <param name="Age">Since its last check-in; null: none since central began to listen.</param>
[GenerateSerializer, Immutable, Alias("hybrid.region-status")]
public sealed record RegionStatus(
    [property: Id(0)] string Region,
    [property: Id(1)] NodeHealth Health,
    [property: Id(2)] RegionReport? Report,
    [property: Id(3)] TimeSpan? Age,
    [property: Id(4)] long DocumentsRevision,
    [property: Id(5)] IReadOnlyList<VersionTotal> Totals);
