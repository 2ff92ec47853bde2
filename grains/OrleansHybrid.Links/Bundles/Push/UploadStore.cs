using System.Text.Json;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.Links.Bundles.Store;

namespace OrleansHybrid.Links.Bundles.Push;

/// <summary>Open uploads on disk: <c>uploads/&lt;id&gt;.json</c>, and while one is checked the whole version in <c>uploads/&lt;id&gt;.folder</c>.</summary>
/// <remarks>
/// Rules kept here: an upload is there whole or not at all; its files are those of the bundle store, so what arrived is never sent twice; uploads are bounded in number
/// and age; nothing of them is in the repository. One caller changes them at a time.
/// </remarks>
public sealed class UploadStore
{
    private const string Record = ".json";
    private const string Assembled = ".folder";
    private static readonly ReplaceSteps Steps = new(FailpointNames.PushWrite, FailpointNames.PushSync, FailpointNames.PushRename, FailpointNames.PushSyncFolder);

    private readonly BundleStore store;
    private readonly string folder;
    private readonly SemaphoreSlim turn = new(1, 1);

    public UploadStore(BundleStore store)
    {
        this.store = store;
        folder = Path.Combine(store.Folders.Root, "uploads");
        Disk.CreateFolder(FailpointNames.PushUploads, folder);
    }

    /// <summary>At a start, after the store's own: removes what a killed process left half written or put together.</summary>
    public void Recover()
    {
        foreach (var half in Directory.GetFiles(folder, "*" + Disk.Half)) Disk.DeleteFile(FailpointNames.PushClear, half);
        foreach (var assembled in Directory.GetDirectories(folder, "*" + Assembled)) Disk.DeleteFolder(FailpointNames.PushClear, assembled);
    }

    /// <summary>Keeps an upload, in place of an older one of the same content.</summary>
    /// <returns>False: there are too many.</returns>
    public async Task<bool> KeepAsync(Upload upload, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            var open = await ReadAllAsync(cancellationToken);
            if (open.Count >= Limits.PushUploadsMax && open.All(u => u.Id != upload.Id)) return false;
            await Disk.ReplaceAsync(Steps, PathOf(upload.Id), JsonSerializer.SerializeToUtf8Bytes(upload), cancellationToken);
            return true;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Keeps an upload whose files have room here; nothing of the others is taken in.</summary>
    /// <returns>Not kept and no problem: there are too many.</returns>
    public async Task<(bool Kept, BundleProblem? Problem)> BeginAsync(Upload upload, CancellationToken cancellationToken)
    {
        if (store.Blobs.WhyNoRoom(upload.Files.Select(f => f.Blob).Append(upload.SignatureBlob)) is { } problem) return (false, problem);
        try
        {
            return (await KeepAsync(upload, cancellationToken), null);
        }
        catch (IOException failed) when (Disk.IsFull(failed))
        {
            return (false, DiskRoom.Full(store.Folders.Root, upload.Signature.Length));
        }
    }

    /// <summary>Those that are not over; the others are removed.</summary>
    public async Task<IReadOnlyList<Upload>> ListAsync(CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            return await ReadAllAsync(cancellationToken);
        }
        finally
        {
            turn.Release();
        }
    }

    public async Task<Upload?> FindAsync(string id, CancellationToken cancellationToken) =>
        Upload.IsId(id) ? (await ListAsync(cancellationToken)).FirstOrDefault(u => u.Id == id) : null;

    /// <returns>False: there was none.</returns>
    public async Task<bool> RemoveAsync(string id, CancellationToken cancellationToken)
    {
        if (!Upload.IsId(id)) return false;
        await turn.WaitAsync(cancellationToken);
        try
        {
            if (!File.Exists(PathOf(id))) return false;
            Disk.DeleteFile(FailpointNames.PushRemove, PathOf(id));
            return true;
        }
        finally
        {
            turn.Release();
        }
    }

    public bool IsHere(Domain.Documents.BlobReference blob) => store.Blobs.Has(blob);

    /// <summary>Bytes of a file that are here: all, or those that came before it broke off.</summary>
    public long BytesHere(Domain.Documents.BlobReference blob)
    {
        if (store.Blobs.Has(blob)) return blob.Bytes;
        return new FileInfo(store.Folders.Part(blob.Digest)) is { Exists: true } part && part.Length <= blob.Bytes ? part.Length : 0;
    }

    /// <summary>Puts the version together from what arrived, hashes every file, and hands the folder to a check; then the folder is gone. One at a time.</summary>
    /// <returns>What the check found, or why there is nothing to check.</returns>
    public async Task<(T? Result, BundleProblem? Problem)> CheckWholeAsync<T>(Upload upload, Func<string, Task<T>> check, CancellationToken cancellationToken)
        where T : class
    {
        await turn.WaitAsync(cancellationToken);
        var whole = Path.Combine(folder, upload.Id + Assembled);
        try
        {
            Disk.CreateFolder(FailpointNames.PushFolder, whole);
            foreach (var file in upload.Files)
            {
                var path = Path.Combine(whole, file.Name);
                Disk.CreateFolder(FailpointNames.PushSubfolder, Path.GetDirectoryName(path)!);
                if (await store.Blobs.CheckAsync(file.Blob, file.Name, cancellationToken) is { } problem) return (null, problem);
                Disk.LinkOrCopy(FailpointNames.PushLink, store.Folders.Blob(file.Blob.Digest), path);
            }

            return (await check(whole), null);
        }
        catch (IOException failed) when (Disk.IsFull(failed))
        {
            return (null, DiskRoom.Full(store.Folders.Root, 0));
        }
        finally
        {
            if (Directory.Exists(whole)) Disk.DeleteFolder(FailpointNames.PushClear, whole);
            turn.Release();
        }
    }

    /// <summary>Puts the signature where nodes fetch it.</summary>
    public async Task<BundleProblem?> KeepSignatureAsync(Upload upload, CancellationToken cancellationToken)
    {
        var begin = await store.Blobs.BeginAsync(upload.SignatureBlob, cancellationToken);
        if (begin.Problem is { } problem || begin.IsHere) return begin.Problem;
        await using var writer = begin.Writer!;
        return await writer.WriteAsync(upload.Signature.AsMemory((int)writer.Position), cancellationToken) ?? await writer.CommitAsync(cancellationToken);
    }

    private async Task<IReadOnlyList<Upload>> ReadAllAsync(CancellationToken cancellationToken)
    {
        var now = store.Settings.Clock.GetUtcNow();
        var open = new List<Upload>();
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*" + Record).OrderBy(f => f.Name, StringComparer.Ordinal).ToList())
        {
            var upload = file.Length <= 2L * Limits.PushBodyBytesMax ? Read(await File.ReadAllBytesAsync(file.FullName, cancellationToken)) : null;
            if (upload is not null && upload.Expires > now && upload.Id + Record == file.Name) open.Add(upload);
            else Disk.DeleteFile(FailpointNames.PushRemove, file.FullName);
        }

        return open;
    }

    private static Upload? Read(byte[] text)
    {
        try
        {
            return JsonSerializer.Deserialize<Upload>(text);
        }
        catch (JsonException)
        {
            return null; // Records are written whole: this is none of ours.
        }
    }

    private string PathOf(string id) => Path.Combine(folder, id + Record);
}
