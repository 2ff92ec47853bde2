using System.Security.Cryptography;
using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.Domain.Documents;

namespace OrleansHybrid.Links.Bundles.Store;

/// <summary>Takes in one file: hashes while it writes, and takes not one byte more than was said. One caller at a time; disposing it leaves what came for the next try.</summary>
public sealed class BlobWriter : IAsyncDisposable
{
    private readonly StoreFolders folders;
    private readonly BlobReference blob;
    private readonly StoreRoom room;
    private readonly FileStream file;
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly long counted;
    private IDisposable? turn;
    private StoreReservation? reserved;
    private bool ended;

    private BlobWriter(StoreFolders folders, BlobReference blob, StoreRoom room, FileStream file)
    {
        (this.folders, this.blob, this.room, this.file) = (folders, blob, room, file);
        counted = file.Length;
    }

    /// <summary>Where the next byte goes, in bytes from the file's begin: the offset to fetch from.</summary>
    public long Position { get; private set; }

    /// <returns>Null when the bytes were taken. After a problem the writer takes nothing more.</returns>
    public async Task<BundleProblem?> WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(ended, this);
        if (bytes.Length > blob.Bytes - Position)
        {
            return await DiscardAsync(new BundleProblem(BundleRefusal.TooLarge, $"expected {blob.Bytes} bytes; more came. What came is removed; fetch it from a place that has the signed file."));
        }

        if (room.WhyNotWrite(bytes.Length, blob.Bytes - Position) is { } low)
        {
            await EndAsync();
            return low;
        }

        try
        {
            Failpoint.Hit(FailpointNames.ReceiveWrite.Before);
            await file.WriteAsync(bytes, cancellationToken);
            Failpoint.Hit(FailpointNames.ReceiveWrite.After);
        }
        catch (IOException failed) when (Disk.IsFull(failed))
        {
            await EndAsync();
            return DiskRoom.Full(folders.Root, blob.Bytes - Position);
        }

        hash.AppendData(bytes.Span);
        Position += bytes.Length;
        reserved?.Written(bytes.Length);
        return null;
    }

    /// <summary>Checks size and digest and puts the file where it can be read, lastingly.</summary>
    /// <returns>Null when it is there.</returns>
    public async Task<BundleProblem?> CommitAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(ended, this);
        cancellationToken.ThrowIfCancellationRequested();
        var digest = BundleDigests.Prefix + Convert.ToHexStringLower(hash.GetCurrentHash());
        if (Position < blob.Bytes && digest == blob.Digest) return await DiscardAsync(new BundleProblem(BundleRefusal.WrongSize, $"expected {blob.Bytes} bytes; the content of this digest has {Position}. Correct the size in the catalogue."));
        if (Position < blob.Bytes) return new BundleProblem(BundleRefusal.Truncated, $"expected {blob.Bytes} bytes; the transfer ended after {Position}. What came is kept; fetch the rest.");
        if (digest != blob.Digest) return await DiscardAsync(new BundleProblem(BundleRefusal.AlteredFile, $"expected the content {blob.Digest[..19]}; came {digest[..19]}. What came is removed; fetch it from a place that has the signed file."));
        try
        {
            Disk.Sync(FailpointNames.ReceiveSync, file);
            var target = folders.Blob(blob.Digest);
            if (!Directory.Exists(Path.GetDirectoryName(target)))
            {
                Disk.CreateFolder(FailpointNames.ReceiveFolder, Path.GetDirectoryName(target)!);
                Disk.SyncFolder(FailpointNames.ReceiveSyncFolder, folders.Blobs);
            }

            Disk.MoveFile(FailpointNames.ReceiveRename, folders.Part(blob.Digest), target);
            Disk.SyncFolder(FailpointNames.ReceiveSyncFolder, Path.GetDirectoryName(target)!);
        }
        catch (IOException failed) when (Disk.IsFull(failed))
        {
            await EndAsync();
            return DiskRoom.Full(folders.Root, blob.Bytes - Position);
        }

        await EndAsync();
        return null;
    }

    public async ValueTask DisposeAsync() => await EndAsync();

    /// <summary>Opens what is there of the file and hashes it; more than was said cannot be right, and is dropped.</summary>
    internal static async Task<BlobWriter> OpenAsync(StoreFolders folders, BlobReference blob, StoreRoom room, CancellationToken cancellationToken)
    {
        Failpoint.Hit(FailpointNames.ReceiveOpen.Before);
        var file = Disk.Open(folders.Part(blob.Digest), FileMode.OpenOrCreate);
        Failpoint.Hit(FailpointNames.ReceiveOpen.After);
        var writer = new BlobWriter(folders, blob, room, file);
        try
        {
            if (file.Length > blob.Bytes) Disk.Empty(FailpointNames.ReceiveTruncate, file);
            await Disk.HashAsync(file, writer.hash, cancellationToken);
            writer.Position = file.Position;
            return writer;
        }
        catch
        {
            await writer.EndAsync();
            throw;
        }
    }

    /// <summary>The digest's turn and the room for it, given back at the end.</summary>
    internal BlobWriter Owning(IDisposable digestTurn, StoreReservation reservation)
    {
        (turn, reserved) = (digestTurn, reservation);
        return this;
    }

    private async Task<BundleProblem> DiscardAsync(BundleProblem problem)
    {
        Disk.Empty(FailpointNames.ReceiveTruncate, file);
        Disk.DeleteFile(FailpointNames.ReceiveDiscard, folders.Part(blob.Digest));
        await EndAsync();
        return problem;
    }

    private async Task EndAsync()
    {
        if (ended) return;
        ended = true;
        room.Add(file.Length - counted);
        await file.DisposeAsync();
        hash.Dispose();
        reserved?.Dispose();
        turn?.Dispose();
    }
}
