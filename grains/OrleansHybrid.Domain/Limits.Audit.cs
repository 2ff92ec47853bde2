namespace OrleansHybrid.Domain;

/// <content>Bounds of the audit log.</content>
public static partial class Limits
{
    /// <summary>Entries that are kept. Beyond them the oldest segment is dropped whole, which is an entry itself: years of changes, and a store that stays small. Owner: whoever runs the cell.</summary>
    public const int AuditEntriesMax = 50_000;

    /// <summary>Age of the newest entry of a segment at which the segment is dropped. Owner: whoever runs the cell.</summary>
    public static readonly TimeSpan AuditAgeMax = TimeSpan.FromDays(3 * 365);

    /// <summary>Entries of one segment: what is written with an entry, and dropped at once. Part of the stored form: entry n lies in segment (n-1)/100, so it cannot change. Owner: the maintainers of OrleansHybrid.</summary>
    public const int AuditSegmentEntries = 100;

    /// <summary>Characters of an entry's who, verb and operation id. Longer: cut, with a digest of the whole. Owner: the maintainers of OrleansHybrid.</summary>
    public const int AuditNameCharsMax = 256;

    /// <summary>Characters of an entry's subject. Longer: cut, with a digest of the whole. Owner: the maintainers of OrleansHybrid.</summary>
    public const int AuditSubjectCharsMax = 512;

    /// <summary>Characters of what held before, of what holds now, and of the reason. Longer: cut, with a digest of the whole. Owner: the maintainers of OrleansHybrid.</summary>
    public const int AuditTextCharsMax = 2048;

    /// <summary>How long a change waits for its entry to be written. After it the change is refused (503). Owner: whoever runs the cell.</summary>
    public static readonly TimeSpan AuditWriteMax = TimeSpan.FromSeconds(10);

    /// <summary>How often one entry is tried when others write at the same time: a writer that meets one other at every try loses half of them. After it the change is refused (503). Owner: the maintainers of OrleansHybrid.</summary>
    public const int AuditWriteTries = 20;

    /// <summary>How often a silo looks whether the log still holds the last entry that it knows. Owner: whoever runs the cell.</summary>
    public static readonly TimeSpan AuditFollowInterval = TimeSpan.FromMinutes(1);

    /// <summary>Entries that one page of the log's answer may look at to find those asked for. After it the page ends early and says where to go on. Owner: whoever runs the cell.</summary>
    public const int AuditScanMax = 5_000;
}
