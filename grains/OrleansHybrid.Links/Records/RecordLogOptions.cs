using OrleansHybrid.Domain;

namespace OrleansHybrid.Links.Records;

/// <summary>The bounds of one log of records.</summary>
/// <param name="Name">What the records are, in file names and notices: <c>egress</c>.</param>
/// <param name="Folder">Where the segments are; made when missing, for this user alone. Null: memory only.</param>
/// <param name="MemoryMax">Records kept in memory, for reading and until they are on disk.</param>
/// <param name="BytesMax">All segments together.</param>
/// <param name="AgeMax">Records older than this are neither shown nor kept.</param>
public sealed record RecordLogOptions(string Name, string? Folder, int MemoryMax, long BytesMax, TimeSpan AgeMax)
{
    /// <summary>A segment is closed at this size: it is dropped as a whole, and read as a whole.</summary>
    public int SegmentBytes { get; init; } = Limits.RecordSegmentBytes;

    /// <summary>Told once when records cannot be written, and once when they can again; from any thread.</summary>
    public Action<string> Notice { get; init; } = static _ => { };

    /// <summary>A segment is closed at this age, so that old records leave the disk and not only the listing.</summary>
    internal TimeSpan SegmentAgeMax => AgeMax / 16;
}

/// <summary>What a log did since its start.</summary>
/// <param name="Written">Records handed over.</param>
/// <param name="Saved">Of them, those that reached the disk.</param>
/// <param name="Lost">Of them, those that made room in memory before they could be saved, or were too long: gone at a restart, or at once.</param>
/// <param name="Unreadable">Lines of segments that were no record, as they were met.</param>
/// <param name="Failing">Records cannot be written at this moment.</param>
public readonly record struct RecordLogState(long Written, long Saved, long Lost, long Unreadable, bool Failing);

/// <summary>A record with its number in the log: numbers grow, over restarts too, so one tells where a page ended.</summary>
public readonly record struct Numbered<T>(long Number, T Record);

/// <summary>What to read, newest first.</summary>
/// <param name="Since">Records at or after this moment; null: all that are kept.</param>
/// <param name="Before">Records with a smaller number: the next page; null: from the newest.</param>
/// <param name="Rows">At most this many.</param>
public sealed record RecordQuery<T>(DateTimeOffset? Since, Func<T, bool>? Where, int Rows, long? Before = null);
