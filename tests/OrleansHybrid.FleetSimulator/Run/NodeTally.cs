using OrleansHybrid.Domain;
using OrleansHybrid.Links.Protocol.Fleet;

namespace OrleansHybrid.FleetSimulator.Run;

/// <summary>What happened to one node so far. Written by the node alone, read by any thread.</summary>
public sealed class NodeTally
{
    private long checkIns;
    private long failedCheckIns;
    private long repeated;
    private long repeatsTaken;
    private long deaths;
    private long bytesFetched;

    /// <summary>Answered.</summary>
    public long CheckIns => Interlocked.Read(ref checkIns);

    public long FailedCheckIns => Interlocked.Read(ref failedCheckIns);

    /// <summary>Check-ins that the network delivered again, or too late.</summary>
    public long Repeated => Interlocked.Read(ref repeated);

    /// <summary>Of those, how many the cell took: expected none.</summary>
    public long RepeatsTaken => Interlocked.Read(ref repeatsTaken);

    public long Deaths => Interlocked.Read(ref deaths);

    /// <summary>Bytes of files that really came.</summary>
    public long BytesFetched => Interlocked.Read(ref bytesFetched);

    /// <summary>Why the last check-in that failed did; null: none did.</summary>
    public InferenceFailure? LastFailure { get; private set; }

    internal void Answered() => Interlocked.Increment(ref checkIns);

    internal void Failed(InferenceFailure failure)
    {
        LastFailure = failure;
        Interlocked.Increment(ref failedCheckIns);
    }

    internal void Died() => Interlocked.Increment(ref deaths);

    internal void Fetched(int bytes) => Interlocked.Add(ref bytesFetched, bytes);

    internal void CountRepeat(CheckInResponse answer)
    {
        Interlocked.Increment(ref repeated);
        if (answer.Verdict == CheckInResponse.Types.Verdict.Accepted) Interlocked.Increment(ref repeatsTaken);
    }
}
