using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.Domain.Documents;

namespace OrleansHybrid.Links.Bundles.Store;

/// <summary>Files by their digest: <c>blobs/ab/&lt;hex&gt;</c>, and while they arrive <c>incoming/&lt;hex&gt;.part</c>.</summary>
/// <remarks>
/// Rules kept here and in <see cref="BlobWriter"/>:
/// <list type="bullet">
/// <item>A file is in <c>blobs</c> only after its size and its digest were those that were said, and after it was made lasting.</item>
/// <item>A file that broke off goes on where it was; what is there is hashed again first. A wrong one is removed, so that the next try begins anew.</item>
/// <item>One writer for each digest: who comes second waits, and then finds the file.</item>
/// <item>All files together stay within a bound; a full disk is a value, and loses nothing.</item>
/// </list>
/// </remarks>
/// <example><code>
/// var begin = await blobs.BeginAsync(reference, cancellationToken);
/// if (begin.Problem is { } problem) return problem;
/// if (begin.Writer is not { } writer) return null;              // It is here.
/// await using (writer)
/// {
///     await foreach (var chunk in fetch(reference.Digest, writer.Position))
///         if (await writer.WriteAsync(chunk, cancellationToken) is { } refused) return refused;
///     return await writer.CommitAsync(cancellationToken);
/// }
/// </code></example>
public sealed class BlobStore : IBlobReader
{
    private readonly StoreFolders folders;
    private readonly KeyedGate gates = new();
    private readonly StoreRoom room;

    internal BlobStore(StoreFolders folders, BundleStoreSettings settings)
    {
        this.folders = folders;
        room = new StoreRoom(folders, settings);
    }

    /// <summary>Bytes of all files, those that are arriving included.</summary>
    public long BytesHeld => room.Held;

    /// <summary>The whole file is here, as far as its size says. Its content is hashed when it is used.</summary>
    public bool Has(BlobReference blob) => BundleDigests.IsDigest(blob.Digest) && new FileInfo(folders.Blob(blob.Digest)) is { Exists: true } file && file.Length == blob.Bytes;

    /// <summary>Why these files do not all fit, those that are here and what came of the others left out; null: they do. Asked before the first of them, so that a disk is not filled for nothing.</summary>
    public BundleProblem? WhyNoRoom(IEnumerable<BlobReference> blobs) => room.WhyNot(blobs.DistinctBy(b => b.Digest).Where(b => !Has(b)).Sum(b => Math.Max(0, b.Bytes - BytesOfPart(b))));

    /// <summary>Begins to take in a file, or says that it is here, or why it is refused.</summary>
    public async Task<BlobBegin> BeginAsync(BlobReference blob, CancellationToken cancellationToken)
    {
        if (!BundleDigests.IsDigest(blob.Digest)) return BlobBegin.Refused(BundleRefusal.WrongShape, "expected a digest, 'sha256:' and 64 digits; came something else. Take the file's name from its signed statement.");
        if (blob.Bytes is < 0 or > Limits.VersionBytesMax) return BlobBegin.Refused(BundleRefusal.TooLarge, $"expected a file of at most {Limits.VersionBytesMax} bytes; came one of {blob.Bytes}. Make it smaller.");
        var turn = await gates.EnterAsync(blob.Digest, cancellationToken);
        BlobBegin? begun = null;
        try
        {
            return begun = await BeginInTurnAsync(blob, turn, cancellationToken);
        }
        catch (IOException failed) when (Disk.IsFull(failed))
        {
            return BlobBegin.Refused(DiskRoom.Full(folders.Root, blob.Bytes));
        }
        finally
        {
            if (begun?.Writer is null) turn.Dispose();
        }
    }

    public ValueTask<Stream?> OpenAsync(string digest, bool localOnly, CancellationToken cancellationToken)
    {
        if (!BundleDigests.IsDigest(digest)) return ValueTask.FromResult<Stream?>(null);
        try
        {
            return ValueTask.FromResult<Stream?>(Disk.OpenToRead(folders.Blob(digest)));
        }
        catch (IOException missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return ValueTask.FromResult<Stream?>(null);
        }
    }

    /// <summary>Hashes a file that is here; removes it when it is not what its name says, so that it can be fetched anew.</summary>
    internal async Task<BundleProblem?> CheckAsync(BlobReference blob, string name, CancellationToken cancellationToken)
    {
        using var turn = await gates.EnterAsync(blob.Digest, cancellationToken);
        var path = folders.Blob(blob.Digest);
        if (new FileInfo(path) is not { Exists: true } file) return new BundleProblem(BundleRefusal.MissingFile, $"'{name}' has not arrived. Fetch it first.");
        if (await Disk.DigestAsync(path, cancellationToken) is var digest && digest != blob.Digest)
        {
            Remove(blob.Digest);
            return new BundleProblem(BundleRefusal.AlteredFile, $"'{name}': expected the content {blob.Digest[..19]}; on disk lies {digest[..19]}. It is removed; fetch it anew.");
        }

        if (file.Length == blob.Bytes) return null;
        return new BundleProblem(BundleRefusal.WrongSize, $"'{name}': expected {blob.Bytes} bytes; the content of this digest has {file.Length}. Correct the size in the catalogue.");
    }

    /// <summary>Removes a file, unless somebody is at it. A reader that has it open goes on.</summary>
    internal void TryRemove(string digest)
    {
        if (!gates.IsHeld(digest)) Remove(digest);
    }

    /// <summary>Removes what broke off and was not gone on with since a time.</summary>
    internal void RemoveParts(DateTimeOffset before)
    {
        foreach (var part in new DirectoryInfo(folders.Incoming).EnumerateFiles("*.part"))
        {
            var digest = BundleDigests.Prefix + Path.GetFileNameWithoutExtension(part.Name);
            if (part.LastWriteTimeUtc >= before.UtcDateTime || gates.IsHeld(digest)) continue;
            var bytes = part.Length;
            Disk.DeleteFile(FailpointNames.CollectPart, part.FullName);
            room.Add(-bytes);
        }
    }

    private async Task<BlobBegin> BeginInTurnAsync(BlobReference blob, IDisposable turn, CancellationToken cancellationToken)
    {
        if (new FileInfo(folders.Blob(blob.Digest)) is { Exists: true } file)
        {
            if (file.Length == blob.Bytes) return BlobBegin.Here;
            if (await Disk.DigestAsync(file.FullName, cancellationToken) == blob.Digest) return BlobBegin.Refused(BundleRefusal.WrongSize, $"expected {blob.Bytes} bytes; the content of this digest has {file.Length}. Correct the size in the catalogue.");
            Remove(blob.Digest);
        }

        var (reserved, full) = room.Reserve(Math.Max(0, blob.Bytes - BytesOfPart(blob)));
        if (reserved is null) return BlobBegin.Refused(full!);
        BlobWriter? writer = null;
        try
        {
            writer = await BlobWriter.OpenAsync(folders, blob, room, cancellationToken);
            return BlobBegin.With(writer.Owning(turn, reserved));
        }
        finally
        {
            if (writer is null) reserved.Dispose();
        }
    }

    private long BytesOfPart(BlobReference blob) => new FileInfo(folders.Part(blob.Digest)) is { Exists: true } part ? part.Length : 0;

    private void Remove(string digest)
    {
        if (new FileInfo(folders.Blob(digest)) is not { Exists: true } file) return;
        var bytes = file.Length;
        Disk.DeleteFile(FailpointNames.CollectFile, file.FullName);
        room.Add(-bytes);
    }
}

/// <summary>How a file begins to be taken in: exactly one of writer, problem and <see cref="IsHere"/>.</summary>
/// <param name="Writer">Stands where the next byte goes. The caller disposes it, whatever happened.</param>
public sealed record BlobBegin(BlobWriter? Writer, BundleProblem? Problem)
{
    internal static BlobBegin Here { get; } = new(null, (BundleProblem?)null);

    public bool IsHere => Writer is null && Problem is null;

    internal static BlobBegin With(BlobWriter writer) => new(writer, null);

    internal static BlobBegin Refused(BundleProblem problem) => new(null, problem);

    internal static BlobBegin Refused(BundleRefusal refusal, string message) => new(null, new BundleProblem(refusal, message));
}
