namespace OrleansHybrid.Domain;

/// <content>Bounds of what is remembered of requests, and of replaying it.</content>
public static partial class Limits
{
    /// <summary>Egress records kept in memory, for reading and until they are on disk. Older ones are read from disk; those that never got there are lost and counted. Owner: privacy office of the farm.</summary>
    public const int EgressRecordsMax = 10_000;

    /// <summary>Egress records on disk, in bytes and by age: about 700,000 crossings. Beyond either the oldest segment is dropped. Owner: privacy office of the farm.</summary>
    public const long EgressBytesMax = 256L << 20;
    public static readonly TimeSpan EgressAgeMax = TimeSpan.FromDays(90);

    /// <summary>Decision records kept in memory, for reading and until they are on disk. Older ones are read from disk; those that never got there are lost and counted. Owner: whoever runs the cell.</summary>
    public const int DecisionRecordsMax = 2000;

    /// <summary>Decision records on disk, in bytes and by age: some 70,000 requests, enough to try a policy on a week. Beyond either the oldest segment is dropped. Owner: whoever runs the cell.</summary>
    public const long DecisionBytesMax = 128L << 20;
    public static readonly TimeSpan DecisionAgeMax = TimeSpan.FromDays(14);

    /// <summary>One file of records, in bytes: what is dropped at once, and read at once. Owner: whoever runs the cell.</summary>
    public const int RecordSegmentBytes = 4 << 20;

    /// <summary>One record as text, in bytes. Longer: dropped and counted, since tags and hops of a caller's own could fill the store. Owner: whoever runs the cell.</summary>
    public const int RecordBytesMax = 32 << 10;

    /// <summary>How often records that are too old are looked for while nothing is written. Owner: whoever runs the cell.</summary>
    public static readonly TimeSpan RecordSweepInterval = TimeSpan.FromMinutes(10);

    /// <summary>The pause after a failed write of records. A full disk is tried again at this pace, and told of once. Owner: whoever runs the cell.</summary>
    public static readonly TimeSpan RecordRetryInterval = TimeSpan.FromSeconds(5);

    /// <summary>How long a stopping silo tries to write its last records. After it they are lost. Owner: whoever runs the cell.</summary>
    public static readonly TimeSpan RecordFlushAtStopMax = TimeSpan.FromSeconds(2);

    /// <summary>Requests of one model in one second that each leave a decision record; of those beyond it one in <see cref="DecisionOneIn"/> does. Owner: whoever runs the cell.</summary>
    public const int DecisionsPerSecondFirst = 5;
    public const int DecisionOneIn = 100;

    /// <summary>Refusals, failures and fallbacks of one model in one second that each leave a record. More are sampled as any request is: a flood of bad requests must not fill the store. Owner: whoever runs the cell.</summary>
    public const int DecisionsNotablePerSecond = 100;

    /// <summary>Records that one replay reads; each costs a plan. More: the newest are replayed. Owner: whoever runs the cell.</summary>
    public const int ReplayRecordsMax = 10_000;

    /// <summary>Examples that one replay shows. More are counted only. Owner: whoever runs the cell.</summary>
    public const int ReplayExamplesMax = 100;

    /// <summary>Raw input, in bytes, that a metered link carries as if it were not metered. Larger input is answered below unless the mode asks otherwise. A spoken command has 32 KB. Owner: the device's user.</summary>
    public const int MeteredInputBytesMax = 64 << 10;
}
