namespace OrleansHybrid.Links.Bundles.Store;

/// <summary>Every place at which a test can end the process: before and after each change on disk of receive, stage, activate, collect, recover, push and the documents that announce it.</summary>
/// <remarks>A name is <c>operation.step.before</c> or <c>operation.step.after</c>. A test kills a process at each of them, so that one which is never reached is found.</remarks>
public static class FailpointNames
{
    public static readonly FailStep ReceiveOpen = new("receive.open");
    public static readonly FailStep ReceiveWrite = new("receive.write");
    public static readonly FailStep ReceiveTruncate = new("receive.truncate");
    public static readonly FailStep ReceiveDiscard = new("receive.discard");
    public static readonly FailStep ReceiveSync = new("receive.sync");
    public static readonly FailStep ReceiveFolder = new("receive.folder");
    public static readonly FailStep ReceiveRename = new("receive.rename");
    public static readonly FailStep ReceiveSyncFolder = new("receive.sync-folder");

    public static readonly FailStep StatementWrite = new("statement.write");
    public static readonly FailStep StatementSync = new("statement.sync");
    public static readonly FailStep StatementRename = new("statement.rename");
    public static readonly FailStep StatementSyncFolder = new("statement.sync-folder");

    public static readonly FailStep StageFolder = new("stage.folder");
    public static readonly FailStep StageSubfolder = new("stage.subfolder");
    public static readonly FailStep StageLink = new("stage.link");
    public static readonly FailStep StageSync = new("stage.sync");
    public static readonly FailStep StageModelFolder = new("stage.model-folder");
    public static readonly FailStep StageJournalWrite = new("stage.journal-write");
    public static readonly FailStep StageJournalSync = new("stage.journal-sync");
    public static readonly FailStep StageJournalRename = new("stage.journal-rename");
    public static readonly FailStep StageJournalSyncFolder = new("stage.journal-sync-folder");
    public static readonly FailStep StageRenameOld = new("stage.rename-old");
    public static readonly FailStep StageRenameNew = new("stage.rename-new");
    public static readonly FailStep StageSyncModelFolder = new("stage.sync-model-folder");
    public static readonly FailStep StageJournalEnd = new("stage.journal-end");
    public static readonly FailStep StageClear = new("stage.clear");
    public static readonly FailStep StageDiscard = new("stage.discard");

    public static readonly FailStep ActivateWrite = new("activate.write");
    public static readonly FailStep ActivateSync = new("activate.sync");
    public static readonly FailStep ActivateRename = new("activate.rename");
    public static readonly FailStep ActivateSyncFolder = new("activate.sync-folder");
    public static readonly FailStep ActivateSetAside = new("activate.set-aside");

    public static readonly FailStep CollectRename = new("collect.rename");
    public static readonly FailStep CollectSyncFolder = new("collect.sync-folder");
    public static readonly FailStep CollectClear = new("collect.clear");
    public static readonly FailStep CollectFile = new("collect.file");
    public static readonly FailStep CollectPart = new("collect.part");
    public static readonly FailStep CollectReceipt = new("collect.receipt");
    public static readonly FailStep CollectStatement = new("collect.statement");

    public static readonly FailStep RecoverFolder = new("recover.folder");
    public static readonly FailStep RecoverRename = new("recover.rename");
    public static readonly FailStep RecoverSyncFolder = new("recover.sync-folder");
    public static readonly FailStep RecoverClear = new("recover.clear");

    public static readonly FailStep DocumentWrite = new("document.write");
    public static readonly FailStep DocumentSync = new("document.sync");
    public static readonly FailStep DocumentRename = new("document.rename");

    public static readonly FailStep PushUploads = new("push.uploads");
    public static readonly FailStep PushWrite = new("push.write");
    public static readonly FailStep PushSync = new("push.sync");
    public static readonly FailStep PushRename = new("push.rename");
    public static readonly FailStep PushSyncFolder = new("push.sync-folder");
    public static readonly FailStep PushFolder = new("push.folder");
    public static readonly FailStep PushSubfolder = new("push.subfolder");
    public static readonly FailStep PushLink = new("push.link");
    public static readonly FailStep PushClear = new("push.clear");
    public static readonly FailStep PushRemove = new("push.remove");

    /// <summary>The table: a step that is not here cannot be asked for, and is not tested.</summary>
    public static IReadOnlyList<FailStep> Steps { get; } =
    [
        ReceiveOpen, ReceiveWrite, ReceiveTruncate, ReceiveDiscard, ReceiveSync, ReceiveFolder, ReceiveRename, ReceiveSyncFolder,
        StatementWrite, StatementSync, StatementRename, StatementSyncFolder,
        StageFolder, StageSubfolder, StageLink, StageSync, StageModelFolder, StageJournalWrite, StageJournalSync, StageJournalRename, StageJournalSyncFolder,
        StageRenameOld, StageRenameNew, StageSyncModelFolder, StageJournalEnd, StageClear, StageDiscard,
        ActivateWrite, ActivateSync, ActivateRename, ActivateSyncFolder, ActivateSetAside,
        CollectRename, CollectSyncFolder, CollectClear, CollectFile, CollectPart, CollectReceipt, CollectStatement,
        RecoverFolder, RecoverRename, RecoverSyncFolder, RecoverClear,
        DocumentWrite, DocumentSync, DocumentRename,
        PushUploads, PushWrite, PushSync, PushRename, PushSyncFolder, PushFolder, PushSubfolder, PushLink, PushClear, PushRemove,
    ];

    public static IReadOnlyList<string> All { get; } = [.. Steps.SelectMany(s => new[] { s.Before, s.After })];
}

/// <summary>A change on disk with the names of the places around it.</summary>
public sealed record FailStep
{
    public FailStep(string name) => (Before, After) = (name + ".before", name + ".after");

    public string Before { get; }

    public string After { get; }
}
