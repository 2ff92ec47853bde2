namespace OrleansHybrid.Domain.Audit;

/// <summary>A change as whoever makes it tells it.</summary>
/// <param name="Who">The credential that asked, by name (<c>operator.key</c>, <c>key k-…</c>, <c>node box-7</c>), or <c>system</c> and the duty that acted.</param>
/// <param name="What">A dotted verb of one table (<see cref="AuditVerbs"/>): <c>version.push</c>.</param>
/// <param name="Subject">What it was done to: <c>keyword@2</c>.</param>
/// <param name="From">What held before; empty: nothing.</param>
/// <param name="To">What holds now; empty: nothing.</param>
/// <param name="Why">The reason given, or the refusal with its figures.</param>
[GenerateSerializer, Immutable, Alias("hybrid.audit-change")]
public sealed record AuditChange(
    [property: Id(0)] string Who,
    [property: Id(1)] string What,
    [property: Id(2)] string Subject,
    [property: Id(3)] string From,
    [property: Id(4)] string To,
    [property: Id(5)] string Why);

/// <summary>Where changes are written down. What an accepted call returns was written; a change whose entry cannot be written is not made.</summary>
/// <remarks>Refusals of signed things are entries too. Never carries payload, secrets or private tags.</remarks>
public interface IAuditLog
{
    /// <exception cref="AuditUnavailableException">The log's store does not answer: the caller must not go on with the change.</exception>
    ValueTask AppendAsync(AuditChange change, CancellationToken cancellationToken);
}

/// <summary>Every verb that an entry can have, so that people can filter by them.</summary>
public static class AuditVerbs
{
    public const string VersionPush = "version.push";
    public const string VersionRefused = "version.refused";
    public const string VersionBlock = "version.block";
    public const string VersionUnblock = "version.unblock";
    public const string VersionActivate = "version.activate";
    public const string VersionRevert = "version.revert";
    public const string VersionCollect = "version.collect";
    public const string ModelPolicy = "model.policy";
    public const string ModelLoad = "model.load";
    public const string ModelUnload = "model.unload";
    public const string DocumentPublish = "document.publish";
    public const string DocumentAccept = "document.accept";
    public const string DocumentRefused = "document.refused";
    public const string DocumentExpired = "document.expired";
    public const string DocumentKeyEndorse = "document-key.endorse";
    public const string PolicyApply = "policy.apply";
    public const string KeyCreate = "key.create";
    public const string KeyRevoke = "key.revoke";
    public const string TokenCreate = "join-token.create";
    public const string TokenRevoke = "join-token.revoke";
    public const string NodeEnrol = "node.enrol";
    public const string NodeRevoke = "node.revoke";
    public const string NodeRefused = "node.refused";
    public const string NodeRestored = "node.restored";
    public const string RegionRevoke = "region.revoke";
    public const string LinkCut = "link.cut";
    public const string LinkHeal = "link.heal";
    public const string AuditBroken = "audit.broken";
    public const string AuditDropped = "audit.dropped";

    public static IReadOnlyList<string> All { get; } =
    [
        VersionPush, VersionRefused, VersionBlock, VersionUnblock, VersionActivate, VersionRevert, VersionCollect, ModelPolicy, ModelLoad, ModelUnload,
        DocumentPublish, DocumentAccept, DocumentRefused, DocumentExpired, DocumentKeyEndorse, PolicyApply, KeyCreate, KeyRevoke, TokenCreate, TokenRevoke,
        NodeEnrol, NodeRevoke, NodeRefused, NodeRestored, RegionRevoke, LinkCut, LinkHeal, AuditBroken, AuditDropped,
    ];
}
