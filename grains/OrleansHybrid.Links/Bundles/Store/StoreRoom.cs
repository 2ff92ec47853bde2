using OrleansHybrid.Domain.Bundles;

namespace OrleansHybrid.Links.Bundles.Store;

/// <summary>Counts the bytes of all files against the bound. Counted once on disk, then kept up to date: one process owns the folder.</summary>
internal sealed class StoreRoom(StoreFolders folders, long bytesMax)
{
    private readonly Lock sync = new();
    private long? held;
    private long reserved;

    public long Held
    {
        get
        {
            lock (sync) return held ??= Count();
        }
    }

    public void Add(long bytes)
    {
        lock (sync) held = (held ?? Count() - bytes) + bytes;
    }

    /// <summary>Room for bytes that will come; null when there is none. Disposing gives back what was not used.</summary>
    public IDisposable? TryReserve(long bytes)
    {
        lock (sync)
        {
            held ??= Count();
            if (held + reserved + bytes > bytesMax) return null;
            reserved += bytes;
            return new Reservation(this, bytes);
        }
    }

    public BundleProblem Full(long bytes) => new(
        BundleRefusal.NoRoom, $"a file of {bytes} bytes does not fit: {Held} of at most {bytesMax} bytes are in use here. Remove versions that nobody wants, or raise the bound.");

    private long Count()
    {
        var everywhere = new EnumerationOptions { RecurseSubdirectories = true };
        return new[] { folders.Blobs, folders.Incoming }.Where(Directory.Exists).Sum(f => new DirectoryInfo(f).EnumerateFiles("*", everywhere).Sum(file => file.Length));
    }

    private sealed class Reservation(StoreRoom room, long bytes) : IDisposable
    {
        private int ended;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref ended, 1) != 0) return;
            lock (room.sync) room.reserved -= bytes;
        }
    }
}
