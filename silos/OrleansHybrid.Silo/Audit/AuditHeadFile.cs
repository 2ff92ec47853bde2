using System.Globalization;
using OrleansHybrid.Domain.Audit;
using OrleansHybrid.Silo.Store;

namespace OrleansHybrid.Silo.Audit;

/// <summary>The last audit entry that this silo knows, in <c>audit.head</c> of its data folder (0600): number, space, hash. A store that was rolled back, emptied or written anew does not agree with it.</summary>
internal sealed partial class AuditHeadFile(DataFolder data, ILogger<AuditHeadFile> log)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private string Path { get; } = System.IO.Path.Combine(data.Path, "audit.head");

    /// <summary>Null when there is none that can be read; then nothing is compared.</summary>
    public AuditHead? Read()
    {
        try
        {
            if (!File.Exists(Path)) return null;
            if (Parse(File.ReadAllText(Path)) is { } head) return head;
            LogUnreadable(log, Path, "it is not a number and a hash");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            LogUnreadable(log, Path, unreadable.Message);
        }

        return null;
    }

    /// <summary>Whole or not at all: written beside it, flushed and moved over it.</summary>
    public void Write(AuditHead head)
    {
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
            using (var stream = new FileStream(Path + ".new", options))
            {
                stream.Write(System.Text.Encoding.ASCII.GetBytes(FormattableString.Invariant($"{head.Sequence} {head.Hash}\n")));
                stream.Flush(flushToDisk: true);
            }

            File.Move(Path + ".new", Path, overwrite: true);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            LogUnwritten(log, Path, refused.Message);
        }
    }

    private static AuditHead? Parse(string text)
    {
        var parts = text.TrimEnd('\n').Split(' ');
        return parts.Length == 2 && parts[1].Length == AuditHead.Origin.Hash.Length && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            ? new AuditHead(sequence, parts[1])
            : null;
    }

    [LoggerMessage(LogLevel.Error, "The head of the audit log in {File} cannot be used: {Reason}. Whether the end of the log was cut off cannot be told this time.")]
    private static partial void LogUnreadable(ILogger log, string file, string reason);

    [LoggerMessage(LogLevel.Warning, "The head of the audit log in {File} was not written: {Reason}. Entries after the one in it could be cut off unseen.")]
    private static partial void LogUnwritten(ILogger log, string file, string reason);
}
