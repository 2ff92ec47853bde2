namespace OrleansHybrid.Domain.Nodes;

/// <summary>One report of a region upwards: as which run, and in which order.</summary>
[GenerateSerializer, Immutable, Alias("hybrid.uplink-turn")]
public sealed record UplinkTurn([property: Id(0)] NodeInstance Instance, [property: Id(1)] long Epoch, [property: Id(2)] long Sequence);
