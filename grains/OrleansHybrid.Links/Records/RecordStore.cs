using System.Runtime.Versioning;
using OrleansHybrid.Domain;

namespace OrleansHybrid.Links.Records;

/// <summary>The segments of one log on disk. Used by one writer; files may be read meanwhile. Throws what the disk throws.</summary>
/// <remarks>
/// A write that failed half-way leaves a torn line, as kill -9 does: the next write begins with a line break, so the torn line is skipped by readers and costs
/// no other record. Nothing is forced to the platter: a loss of power may take the last seconds, the end of the process takes nothing.
/// </remarks>
internal sealed class RecordStore<T>(RecordLogOptions options, string folder) : IDisposable where T : class
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerFolder = OwnerFile | UnixFileMode.UserExecute;
    private readonly List<RecordSegment> segments = [];
    private FileStream? open;

    /// <summary>Oldest first; for the writer alone.</summary>
    public IReadOnlyList<RecordSegment> Segments => segments;

    /// <summary>Finds what earlier runs left, by the ends of the files alone, and returns the last number in it; 0 when there is nothing.</summary>
    public long Open()
    {
        MakeFolder(folder);
        segments.Clear();
        segments.AddRange(RecordSegment.List(folder, options.Name));
        foreach (var segment in segments) segment.Newest = LastLine(segment)?.At ?? File.GetLastWriteTimeUtc(segment.Path);
        if (segments.Count == 0) return 0;
        var last = segments[^1];
        last.Oldest = FirstLine(last)?.At ?? last.Newest;
        return Math.Max(last.Number, LastLine(last)?.N ?? 0);
    }

    public void Append(long number, DateTimeOffset at, byte[] line)
    {
        var segment = Current(number, at, line.Length);
        open!.Write(line);
        segment.Bytes += line.Length;
        segment.Oldest ??= at;
        segment.Newest = at;
    }

    /// <summary>Hands all to the operating system.</summary>
    public void Flush() => open?.Flush();

    /// <summary>Gives up the open file after a failure, so that the next write opens it anew.</summary>
    public void Abandon()
    {
        try
        {
            open?.Dispose();
        }
        catch (IOException)
        {
            // What was not written is still in memory and is written again.
        }

        open = null;
    }

    /// <summary>Drops the oldest segments beyond size and age.</summary>
    public void Sweep(DateTimeOffset now)
    {
        while (segments.Count > 0 && (segments.Sum(s => s.Bytes) > options.BytesMax || segments[0].Newest < now - options.AgeMax))
        {
            if (segments.Count == 1) Abandon();
            File.Delete(segments[0].Path);
            segments.RemoveAt(0);
        }
    }

    public void Dispose() => Abandon();

    private RecordSegment Current(long number, DateTimeOffset at, int bytes)
    {
        if (segments.Count == 0 || IsFull(segments[^1], at, bytes))
        {
            Abandon();
            segments.Add(RecordSegment.New(folder, options.Name, number));
        }

        if (open is null) OpenLast();
        return segments[^1];
    }

    private bool IsFull(RecordSegment last, DateTimeOffset at, int bytes) => last.Bytes > 0 && (last.Bytes + bytes > options.SegmentBytes || at - last.Oldest > options.SegmentAgeMax);

    private void OpenLast()
    {
        var segment = segments[^1];
        MakeFolder(folder);
        var how = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 64 << 10 };
        if (!OperatingSystem.IsWindows()) how.UnixCreateMode = OwnerFile;
        open = new FileStream(segment.Path, how);
        segment.Bytes = open.Length;
        if (open.Length == 0) return;
        open.Seek(-1, SeekOrigin.End);
        var whole = open.ReadByte() == '\n';
        open.Seek(0, SeekOrigin.End);
        if (whole) return;
        open.WriteByte((byte)'\n');
        segment.Bytes++;
    }

    private static RecordLine<T>? FirstLine(RecordSegment segment)
    {
        var head = Part(segment, fromEnd: false);
        var end = head.AsSpan().IndexOf((byte)'\n');
        return end < 0 ? null : RecordLine<T>.TryRead(head.AsSpan(0, end));
    }

    private static RecordLine<T>? LastLine(RecordSegment segment) =>
        RecordLine<T>.Backwards(Part(segment, fromEnd: true)).Select(line => RecordLine<T>.TryRead(line.Span)).FirstOrDefault(line => line is not null);

    /// <summary>Enough of a file to hold a whole record, also behind a torn one.</summary>
    private static byte[] Part(RecordSegment segment, bool fromEnd)
    {
        using var file = new FileStream(segment.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var part = new byte[Math.Min(file.Length, 3 * Limits.RecordBytesMax)];
        if (fromEnd) file.Seek(-part.Length, SeekOrigin.End);
        file.ReadExactly(part);
        return part;
    }

    private static void MakeFolder(string folder)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else MakePrivate(folder);
    }

    [UnsupportedOSPlatform("windows")]
    private static void MakePrivate(string folder)
    {
        if (!Directory.Exists(folder)) Directory.CreateDirectory(folder, OwnerFolder);
    }
}
