using System.Text.Json;
using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Links.Bundles.Store;

/// <summary>How a folder comes into the repository or leaves it: made ready in <c>staging</c>, then one rename. Recovers what a killed process left.</summary>
/// <remarks>
/// A version that is replaced (another variant of the same content) needs two renames. A journal says so before the first: whoever finds it at a start, with no
/// version in place, finishes the second. Everything else in <c>staging</c> is rubbish at a start.
/// </remarks>
internal sealed class StagingArea(StoreFolders folders)
{
    private const string Journal = ".swap";
    private const string Old = ".old";

    private static readonly ReplaceSteps JournalSteps = new(
        FailpointNames.StageJournalWrite, FailpointNames.StageJournalSync, FailpointNames.StageJournalRename, FailpointNames.StageJournalSyncFolder);

    private int made;

    /// <summary>A new empty folder.</summary>
    public string Create()
    {
        var path = NewPath();
        Disk.CreateFolder(FailpointNames.StageFolder, path);
        return path;
    }

    /// <summary>Makes names below a folder last, the deepest first.</summary>
    public static void SyncTree(string path)
    {
        foreach (var folder in Directory.EnumerateDirectories(path)) SyncTree(folder);
        Disk.SyncFolder(FailpointNames.StageSync, path);
    }

    /// <summary>Puts a folder that is complete and lasting in a version's place: the old one is there, or the new.</summary>
    public async Task PublishAsync(string ready, ModelVersionKey key, CancellationToken cancellationToken)
    {
        var target = folders.Version(key);
        if (!Directory.Exists(folders.Model(key.Model)))
        {
            Disk.CreateFolder(FailpointNames.StageModelFolder, folders.Model(key.Model));
            Disk.SyncFolder(FailpointNames.StageSync, folders.Repository);
        }

        var replaces = Directory.Exists(target);
        if (replaces)
        {
            await Disk.ReplaceAsync(JournalSteps, ready + Journal, JsonSerializer.SerializeToUtf8Bytes(new Swap(key.Model, key.Version)), cancellationToken);
            Disk.MoveFolder(FailpointNames.StageRenameOld, target, ready + Old);
        }

        // From here on it ends, cancelled or not: there is nothing to wait for.
        try
        {
            Disk.MoveFolder(FailpointNames.StageRenameNew, ready, target);
        }
        catch (IOException) when (replaces)
        {
            // As a start would, which the journal sends here if the process dies before.
            Disk.MoveFolder(FailpointNames.RecoverRename, ready + Old, target);
            throw;
        }

        Disk.SyncFolder(FailpointNames.StageSyncModelFolder, folders.Model(key.Model));
        if (!replaces) return;
        Disk.DeleteFile(FailpointNames.StageJournalEnd, ready + Journal);
        Disk.DeleteFolder(FailpointNames.StageClear, ready + Old);
    }

    /// <summary>Takes a version out of the repository by one rename, then removes its files.</summary>
    public void Withdraw(ModelVersionKey key)
    {
        var away = NewPath();
        Disk.MoveFolder(FailpointNames.CollectRename, folders.Version(key), away);
        Disk.SyncFolder(FailpointNames.CollectSyncFolder, folders.Model(key.Model));
        Disk.DeleteFolder(FailpointNames.CollectClear, away);
        if (!Directory.EnumerateFileSystemEntries(folders.Model(key.Model)).Any()) Disk.DeleteFolder(FailpointNames.CollectClear, folders.Model(key.Model));
    }

    /// <summary>At a start, before anything else uses the folder.</summary>
    public void Recover()
    {
        foreach (var journal in Directory.GetFiles(folders.Staging, "*" + Journal)) Finish(journal);
        foreach (var folder in Directory.GetDirectories(folders.Staging)) Disk.DeleteFolder(FailpointNames.RecoverClear, folder);
        foreach (var file in Directory.GetFiles(folders.Staging)) Disk.DeleteFile(FailpointNames.RecoverClear, file);
        foreach (var half in new[] { folders.Root, folders.Statements }.SelectMany(f => Directory.GetFiles(f, "*" + Disk.Half))) Disk.DeleteFile(FailpointNames.RecoverClear, half);
        // A signature is written before its receipt and removed after it: without one nobody would ever remove it.
        foreach (var alone in Directory.GetFiles(folders.Statements, "*" + StoreFolders.SignatureEnding).Where(s => !File.Exists(Path.ChangeExtension(s, StoreFolders.ReceiptEnding)))) Disk.DeleteFile(FailpointNames.RecoverClear, alone);
        foreach (var model in Directory.GetDirectories(folders.Repository).Where(m => !Directory.EnumerateFileSystemEntries(m).Any())) Disk.DeleteFolder(FailpointNames.RecoverClear, model);
    }

    private void Finish(string journal)
    {
        if (Read(journal) is not { } swap) return;
        var ready = journal[..^Journal.Length];
        var target = folders.Version(new ModelVersionKey(swap.Model, swap.Version));
        if (Directory.Exists(target)) return;
        if (new[] { ready, ready + Old }.FirstOrDefault(Directory.Exists) is not { } whole) return;
        Disk.MoveFolder(FailpointNames.RecoverRename, whole, target);
        Disk.SyncFolder(FailpointNames.RecoverSyncFolder, Path.GetDirectoryName(target)!);
    }

    private static Swap? Read(string journal)
    {
        try
        {
            return JsonSerializer.Deserialize<Swap>(File.ReadAllBytes(journal));
        }
        catch (JsonException)
        {
            return null; // A journal is written whole: this is none of ours.
        }
    }

    private string NewPath()
    {
        string path;
        do path = Path.Combine(folders.Staging, string.Create(null, $"{++made}"));
        while (Directory.Exists(path));
        return path;
    }

    private sealed record Swap(string Model, int Version);
}
