using OrleansHybrid.Domain.Bundles;

namespace OrleansHybrid.Links.Bundles.Store;

/// <summary>Counts the bytes of all files against the bound, and those to come against what is free on the disk. Counted once on disk, then kept up to date: one process owns the folder.</summary>
internal sealed class StoreRoom(StoreFolders folders, BundleStoreSettings settings)
{
    private readonly Lock sync = new();
    private long? held;
    private long reserved;
    private long unwritten;

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

    /// <summary>Room for bytes that will come, or why there is none. Disposing gives back what was not used.</summary>
    public (StoreReservation? Reserved, BundleProblem? Problem) Reserve(long bytes)
    {
        lock (sync)
        {
            if (WhyNot(bytes) is { } problem) return (null, problem);
            reserved += bytes;
            unwritten += bytes;
            return (new StoreReservation(this, bytes), null);
        }
    }

    /// <summary>Null: so many bytes would be taken in now.</summary>
    public BundleProblem? WhyNot(long bytes)
    {
        lock (sync)
        {
            held ??= Count();
            if (held + reserved + bytes > settings.BytesMax) return new BundleProblem(BundleRefusal.NoRoom, $"{bytes} bytes more do not fit: {held} of at most {settings.BytesMax} bytes are in use here. Remove versions that nobody wants, or raise the bound.");
            return bytes == 0 ? null : WhyNotOnDisk(bytes, unwritten);
        }
    }

    /// <summary>Null: the disk has room for the next bytes of a file on its way. Others may have filled it meanwhile.</summary>
    public BundleProblem? WhyNotWrite(long bytes, long left) =>
        settings.DiskFree(folders.Root) - bytes >= settings.DiskReserveBytes ? null : DiskRoom.TooLittle(folders.Root, left, settings.DiskFree(folders.Root), settings.DiskReserveBytes);

    internal void Written(long bytes)
    {
        lock (sync) unwritten -= bytes;
    }

    internal void GiveBack(long bytes, long notWritten)
    {
        lock (sync)
        {
            reserved -= bytes;
            unwritten -= notWritten;
        }
    }

    private BundleProblem? WhyNotOnDisk(long bytes, long promised)
    {
        var free = settings.DiskFree(folders.Root);
        return free - promised - bytes >= settings.DiskReserveBytes ? null : DiskRoom.TooLittle(folders.Root, bytes, free - promised, settings.DiskReserveBytes);
    }

    private long Count()
    {
        var everywhere = new EnumerationOptions { RecurseSubdirectories = true };
        return new[] { folders.Blobs, folders.Incoming }.Where(Directory.Exists).Sum(f => new DirectoryInfo(f).EnumerateFiles("*", everywhere).Sum(file => file.Length));
    }
}

/// <summary>Room that was promised to one file.</summary>
internal sealed class StoreReservation(StoreRoom room, long bytes) : IDisposable
{
    private long written;
    private int ended;

    /// <summary>So many of them are on disk, and no longer free there.</summary>
    public void Written(long count)
    {
        written += count;
        room.Written(count);
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref ended, 1) == 0) room.GiveBack(bytes, bytes - written);
    }
}
