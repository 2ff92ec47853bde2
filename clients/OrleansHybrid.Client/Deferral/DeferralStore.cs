using System.Globalization;
using System.Security.Cryptography;
using OrleansHybrid.Domain;

namespace OrleansHybrid.Client;

/// <summary>Sealed requests, one a file, in the order they came. Bounded in number, bytes and age.</summary>
/// <remarks>A file that does not open is told once and left until its age is up: the key may be the wrong one today. It never keeps another from going.</remarks>
internal sealed class DeferralStore(HybridClientOptions options, DeviceFolder folder)
{
    private const string FolderName = "deferred";
    private const string Suffix = ".req";
    private readonly Lock gate = new();
    private readonly HashSet<string> refused = [];
    private DeferralSeal? seal;

    public int Count => List().Length;

    /// <summary>Keeps it, or says why not.</summary>
    public (DeferralReceipt? Receipt, string? Problem) Keep(string requestId, ReadOnlySpan<byte> content)
    {
        lock (gate)
        {
            Sweep();
            var files = List();
            if (files.Length >= Limits.DeferredRequestsMax) return (null, $"{files.Length} requests are kept already, the most there may be");
            var bytes = files.Sum(f => f.Length) + content.Length;
            if (bytes > Limits.DeferredBytesMax) return (null, $"with it {bytes} bytes would be kept; {Limits.DeferredBytesMax} are the most");
            var now = options.Clock.GetUtcNow();
            var name = string.Create(CultureInfo.InvariantCulture, $"{now.ToUnixTimeMilliseconds():D15}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}{Suffix}");
            folder.Write(Path.Combine(FolderName, name), Seal.Close(content, name));
            return (new DeferralReceipt(requestId, now + Limits.DeferredAgeMax), null);
        }
    }

    /// <summary>The oldest that opens, with its name; null when there is none.</summary>
    public (string Name, byte[] Content)? Oldest()
    {
        lock (gate)
        {
            Sweep();
            foreach (var file in List())
            {
                if (refused.Contains(file.Name)) continue;
                if (TryOpen(file) is { } content) return (file.Name, content);
                refused.Add(file.Name);
                options.Note($"The deferred request {file.Name} was changed or cut, or is under another key. It is passed over.");
            }

            return null;
        }
    }

    public void Remove(string name)
    {
        lock (gate) File.Delete(Path.Combine(folder.Sub(FolderName), name));
    }

    private DeferralSeal Seal => seal ??= DeferralSeal.From(options, folder);

    private byte[]? TryOpen(FileInfo file)
    {
        try
        {
            return folder.TryRead(Path.Combine(FolderName, file.Name), Limits.DeferredBytesMax + 1024) is { } bytes ? Seal.Open(bytes, file.Name) : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private void Sweep()
    {
        var oldest = (options.Clock.GetUtcNow() - Limits.DeferredAgeMax).ToUnixTimeMilliseconds();
        foreach (var file in List())
        {
            if (long.TryParse(file.Name.AsSpan(0, 15), NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at >= oldest) continue;
            file.Delete();
            options.Note($"The deferred request {file.Name} could not be sent for {Limits.DeferredAgeMax.TotalDays:0} days and was dropped.");
        }
    }

    private FileInfo[] List() =>
        [.. new DirectoryInfo(folder.Sub(FolderName)).EnumerateFiles("*" + Suffix).Where(f => f.Name.Length > 15).OrderBy(f => f.Name, StringComparer.Ordinal)];
}
