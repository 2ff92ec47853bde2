using OrleansHybrid.Contracts;
using OrleansHybrid.Domain.Audit;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Grains;
using OrleansHybrid.Grains.Routing;
using OrleansHybrid.Silo.Audit;
using OrleansHybrid.Silo.Settings;

namespace OrleansHybrid.Silo.Policies;

/// <summary>Keeps this silo on its cell's policy: applies what the cell accepted, offers what came from the file or the API, and holds a copy on disk.</summary>
/// <remarks>
/// A lower revision never takes the place of a higher one. A store that lost the policy gets it back from the silo that has it. What does not compile
/// is refused with all its errors, and the last good policy keeps serving.
/// </remarks>
internal sealed partial class PolicyKeeper(
    CellSettings cell,
    PolicyHolder holder,
    PolicyCopy copy,
    PolicyRefusals refusals,
    IGrainFactory grains,
    IAuditLog audit,
    AuditDesk desk,
    [FromKeyedServices(HybridClock.Key)] TimeProvider clock,
    ILogger<PolicyKeeper> log)
{
    private const string StoreSource = "the cell's store";
    private readonly Lock applying = new();

    public PolicyDocument? Document => holder.Document;

    /// <summary>The copy on disk, before anything can be asked. False: there is none.</summary>
    public bool ApplyCopy() => copy.Read() is { } kept && Take(PolicyCandidate.Of(kept), fromStore: false);

    /// <summary>Asks the cell for a newer policy, and gives it ours when it has an older one or none.</summary>
    public async Task FollowAsync(CancellationToken cancellationToken)
    {
        var have = holder.Document;
        var policies = grains.GetPolicy(cell.Cell);
        var head = await policies.HeadAsync(have?.Revision ?? 0, have?.Digest ?? "", cancellationToken);
        if (head.Document is { } newer)
        {
            var candidate = PolicyCandidate.Of(newer);
            if (candidate.Document is null) refusals.Refuse(new PolicyRefusal(StoreSource, clock.GetUtcNow(), newer.Digest, candidate.Reading.Errors), holder.Current.Revision);
            else if (Take(candidate, fromStore: true)) refusals.Clear(StoreSource);
        }
        else if (have is not null && head.Revision < have.Revision)
        {
            await policies.OfferAsync(new PolicyOffer(have, Rename: true), cancellationToken);
            LogRestored(log, have.Name, have.Revision, head.Revision);
        }
    }

    /// <summary>Offers a policy that compiled; when the cell accepts it, this silo applies it before the answer comes back.</summary>
    /// <remarks>It is tried first: only what the cell would accept gets an audit entry, and that before it is accepted.</remarks>
    public async Task<PolicyReceipt> OfferAsync(PolicyCandidate candidate, PolicyOffer offer, string why, CancellationToken cancellationToken)
    {
        var receipt = await grains.GetPolicy(cell.Cell).OfferAsync(offer with { DryRun = true }, cancellationToken);
        if (offer.DryRun) return receipt;
        if (receipt.Verdict == PolicyVerdict.Accepted) receipt = await ApplyAsync(offer, EntryOf(offer.Document, receipt.Current, why), cancellationToken);
        if (receipt.Verdict is PolicyVerdict.Accepted or PolicyVerdict.Same) Take(candidate, fromStore: true);
        return receipt;
    }

    /// <summary>Judges what the policy file holds.</summary>
    /// <returns>Its errors; empty when it is the cell's policy, or was before.</returns>
    public async Task<IReadOnlyList<ManifestError>> OfferFileAsync(PolicyFile file, PolicyFileLook look, CancellationToken cancellationToken)
    {
        var errors = await JudgeAsync(file, look, cancellationToken);
        if (errors.Count == 0) refusals.Clear(file.Path);
        else refusals.Refuse(new PolicyRefusal(file.Path, clock.GetUtcNow(), look.Digest, errors), holder.Current.Revision);
        return errors;
    }

    private async Task<IReadOnlyList<ManifestError>> JudgeAsync(PolicyFile file, PolicyFileLook look, CancellationToken cancellationToken)
    {
        if (look.Bytes is null) return [new ManifestError("", "a policy", look.Problem, "Give --policy a file that this user can read")];
        var candidate = PolicyCandidate.Read(look.Bytes, file.Path, clock.GetUtcNow(), "file " + file.Name);
        if (candidate.Document is not { } document) return candidate.Reading.Errors;
        var receipt = await OfferAsync(candidate, new PolicyOffer(document), "the policy file changed", cancellationToken);
        if (receipt.Verdict == PolicyVerdict.Superseded) LogSuperseded(log, file.Path, document.Revision, receipt.Current);
        return receipt is { Refused: true, Error: { } error } ? [new ManifestError(error.Place, error.Expected, error.Came, error.Remedy)] : [];
    }

    private async Task<PolicyReceipt> ApplyAsync(PolicyOffer offer, AuditChange entry, CancellationToken cancellationToken)
    {
        await audit.AppendAsync(entry, cancellationToken);
        try
        {
            var receipt = await grains.GetPolicy(cell.Cell).OfferAsync(offer, cancellationToken);
            if (receipt.Refused || receipt.Verdict == PolicyVerdict.Superseded) await desk.NotMadeAsync(entry, receipt.Error?.ToString() ?? $"revision {receipt.Current} is in force");
            return receipt;
        }
        catch
        {
            await desk.NotMadeAsync(entry, "the store did not answer, so that this is not certain");
            throw;
        }
    }

    private static AuditChange EntryOf(PolicyDocument document, long current, string why) => new(
        document.By, AuditVerbs.PolicyApply, "policy " + document.Name, current == 0 ? "" : FormattableString.Invariant($"revision {current}"), FormattableString.Invariant($"revision {document.Revision} {document.Digest}"), why);

    /// <summary>On disk first, then in force: what a request saw is there after a restart.</summary>
    private bool Take(PolicyCandidate candidate, bool fromStore)
    {
        if (candidate is not { Document: { } document, Reading.Policy: { } policy }) return false;
        lock (applying)
        {
            var current = holder.Document;
            var newer = current is null || document.Revision > current.Revision || (fromStore && document.Revision == current.Revision && document.Digest != current.Digest);
            if (!newer) return true;
            copy.Write(document);
            holder.Replace(policy, document);
        }

        LogApplied(log, document.Name, document.Revision, document.Digest, document.By);
        return true;
    }

    [LoggerMessage(LogLevel.Information, "Policy {Name} revision {Revision} ({Digest}) by {By} is in force.")]
    private static partial void LogApplied(ILogger log, string name, long revision, string digest, string by);

    [LoggerMessage(LogLevel.Warning, "The cell's store had revision {Stored} of the policy; it was given {Name} revision {Revision}, which this silo applies.")]
    private static partial void LogRestored(ILogger log, string name, long revision, long stored);

    [LoggerMessage(LogLevel.Warning, "The policy file {File} holds revision {Revision}, which revision {Current} has replaced. The file changes nothing until it has a higher one.")]
    private static partial void LogSuperseded(ILogger log, string file, long revision, long current);
}
