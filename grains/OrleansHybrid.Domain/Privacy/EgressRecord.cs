namespace OrleansHybrid.Domain.Privacy;

/// <summary>One crossing of raw input out of a zone.</summary>
/// <param name="Bytes">Bytes of raw tensor data in the message.</param>
/// <param name="Rule">The rule that allowed it: a policy id, or the built-in <c>ceiling</c>.</param>
[GenerateSerializer, Immutable, Alias("hybrid.egress")]
public sealed record EgressRecord(
    [property: Id(0)] DateTimeOffset At,
    [property: Id(1)] string RequestId,
    [property: Id(2)] string Model,
    [property: Id(3)] string FromCell,
    [property: Id(4)] Zone FromZone,
    [property: Id(5)] string To,
    [property: Id(6)] Zone ToZone,
    [property: Id(7)] long Bytes,
    [property: Id(8)] PrivacyCeiling Ceiling,
    [property: Id(9)] string Rule);

/// <summary>Where the guard leaves its egress records. Must not block and must not throw.</summary>
public interface IEgressLog
{
    void Write(EgressRecord record);
}
