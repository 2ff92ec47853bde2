using System.Text;
using System.Text.Json;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Silo.Store;

namespace OrleansHybrid.Silo.Policies;

/// <summary>The last policy that this silo applied, in its data folder (0600): with the store lost or out of reach, a silo starts with what it had.</summary>
internal sealed partial class PolicyCopy(DataFolder data, ILogger<PolicyCopy> log)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly JsonSerializerOptions Form = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    private string File => Path.Combine(data.Path, "policy.json");

    /// <summary>Null when there is none, or none that is whole.</summary>
    public PolicyDocument? Read()
    {
        try
        {
            if (!System.IO.File.Exists(File)) return null;
            var kept = JsonSerializer.Deserialize<PolicyDocument>(System.IO.File.ReadAllText(File), Form);
            if (kept is { Text: not null } && kept.Digest == PolicyCandidate.DigestOf(Encoding.UTF8.GetBytes(kept.Text))) return kept;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or JsonException)
        {
            LogUnreadable(log, File, unreadable.Message);
            return null;
        }

        LogUnreadable(log, File, "its digest is another");
        return null;
    }

    /// <summary>Whole or not at all: written beside it, flushed and moved over it.</summary>
    public void Write(PolicyDocument document)
    {
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
            using (var stream = new FileStream(File + ".new", options))
            {
                JsonSerializer.Serialize(stream, document, Form);
                stream.Flush(flushToDisk: true);
            }

            System.IO.File.Move(File + ".new", File, overwrite: true);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            LogUnwritten(log, File, refused.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The policy copy {File} cannot be used: {Reason}. The cell's store has to tell the policy.")]
    private static partial void LogUnreadable(ILogger log, string file, string reason);

    [LoggerMessage(LogLevel.Warning, "The policy copy {File} was not written: {Reason}. The policy holds all the same, from the cell's store.")]
    private static partial void LogUnwritten(ILogger log, string file, string reason);
}
