using OrleansHybrid.Domain.Bundles;

namespace OrleansHybrid.Domain.Documents;

/// <summary>Which documents hold in a place. Pure: the caller writes the set down that comes back, then puts it in force.</summary>
/// <remarks>
/// Checked in this order, each with a refusal of its own: size, strict JSON, the envelope and its type; a signature by a document key that a trusted
/// publisher endorsed; only then the payload is read: its shape, the farm (this place's, and the endorsement's), the endorsement's time, the revision, the body.
/// <list type="bullet">
/// <item>In each place of the set the highest revision wins, whatever the order of arrival. The same revision with another content is a conflict, and what held stays.</item>
/// <item>An expired document is taken when it is newer than what holds, and told as stale: a region that comes back gets the last word there is, old or not.
/// What holds never leaves because it expired: it goes on serving, and <see cref="DocumentAlarms"/> tells.</item>
/// <item>An endorsement that is over admits nothing new. What was accepted under it goes on holding, also when it is read back from disk.</item>
/// <item>A removed document stays as such, without a body, so that an older one does not come back.</item>
/// </list>
/// Left to whoever fetches: that a publisher signed the bundles that a catalogue points at.
/// </remarks>
/// <example><code>
/// var (next, verdict) = DocumentRules.Accept(held, trust, envelope, endorsements, clock.GetUtcNow());
/// if (verdict.Problem is { } problem) refusals.Tell(problem);
/// </code></example>
public static class DocumentRules
{
    private const string What = "the document";

    /// <param name="endorsements">Envelopes that came beside it; those of <paramref name="held"/> count too.</param>
    /// <param name="kept">It was accepted here before and is read back: then an endorsement that is over in the meantime is good enough.</param>
    public static (DocumentSet Set, DocumentVerdict Verdict) Accept(DocumentSet held, DocumentTrust trust, ReadOnlySpan<byte> envelope, IReadOnlyList<byte[]> endorsements, DateTimeOffset now, bool kept = false)
    {
        if (ReadEnvelope(envelope, out var problem) is not { } read) return (held, DocumentVerdict.Refused(problem!));
        var known = endorsements.Concat(held.Endorsements).ToArray();
        var endorsed = known.Select(e => EndorsementRules.Verify(e, trust.Publishers, out _)).OfType<Endorsement>().ToArray();
        if (read.VerifiedBy(endorsed.Select(e => e.Key)) is not { } key) return (held, DocumentVerdict.Refused(WhyUnsigned(read, known, endorsed, trust)));
        if (DocumentReader.Read(read.Payload, out problem) is not { } content) return (held, DocumentVerdict.Refused(problem!));
        var document = new SignedDocument(content.Header, envelope.ToArray(), key.KeyId);
        var farm = held.Farm.Length > 0 ? held.Farm : trust.Farm;
        var wrong = WhyForeign(content.Header, farm) ?? WhyNotEndorsed(content.Header, endorsed.Where(e => e.Key.KeyId == key.KeyId), now, kept);
        if (wrong is not null) return (held, DocumentVerdict.Refused(wrong, document));
        var stale = content.Header.Expires <= now;
        if (held.Find(content.Header.Key) is { } current && current.Header.Revision == content.Header.Revision && SamePayload(current, read)) return (held, new DocumentVerdict(DocumentOutcome.Same, current, null, stale));
        if (WhyOld(held, content.Header, envelope.Length) is { } old) return (held, DocumentVerdict.Refused(old, document));
        return (DocumentSets.With(held, document, EndorsementRules.Merge(held.Endorsements, endorsements, trust.Publishers, content.Header.Farm)), new DocumentVerdict(DocumentOutcome.Accepted, document, null, stale));
    }

    /// <summary>The set with the endorsements that count here; the same object when none of them is new.</summary>
    public static DocumentSet Endorse(DocumentSet held, DocumentTrust trust, IReadOnlyList<byte[]> endorsements)
    {
        var farm = held.Farm.Length > 0 ? held.Farm : trust.Farm;
        var merged = EndorsementRules.Merge(held.Endorsements, endorsements, trust.Publishers, farm);
        return merged.Count == held.Endorsements.Count && merged.Zip(held.Endorsements).All(p => p.First.AsSpan().SequenceEqual(p.Second)) ? held : held with { Endorsements = merged };
    }

    private static DsseEnvelope? ReadEnvelope(ReadOnlySpan<byte> envelope, out BundleProblem? problem)
    {
        if (envelope.Length > Limits.DocumentBytesMax)
        {
            problem = new BundleProblem(BundleRefusal.TooLarge, $"{What} has {envelope.Length} bytes; {Limits.DocumentBytesMax} are the most. Publish fewer versions of the model.");
            return null;
        }

        if (StrictJson.ReadObject(envelope, What, out problem) is not { } root || DsseEnvelope.Read(root, What, out problem) is not { } read) return null;
        if (read.PayloadType == DocumentWriter.PayloadType) return read;
        problem = new BundleProblem(BundleRefusal.WrongType, $"{What}: expected the payload type {DocumentWriter.PayloadType}; came another. It is a signature over something else.");
        return null;
    }

    /// <summary>No endorsed key made a signature. Told apart: no key is endorsed at all, the signer's endorsement does not count, or the signature is wrong.</summary>
    private static BundleProblem WhyUnsigned(DsseEnvelope read, IReadOnlyList<byte[]> known, IReadOnlyList<Endorsement> endorsed, DocumentTrust trust)
    {
        var claimed = known.Select(e => EndorsementRules.Claimed(e)).OfType<Endorsement>().Where(e => read.VerifiedBy([e.Key]) is not null).ToArray();
        if (claimed.Length > 0) return new BundleProblem(BundleRefusal.NotEndorsed, $"{What} was signed with a key ({Short(claimed[0].Key.KeyId)}) whose endorsement was not made by a publisher that is trusted here. {Remedy(trust)}");
        return endorsed.Count == 0
            ? new BundleProblem(BundleRefusal.NotEndorsed, $"{What} was signed with a key that no publisher that is trusted here endorsed. {Remedy(trust)}")
            : new BundleProblem(BundleRefusal.WrongSignature, $"{What}: none of its signatures was made by an endorsed document key over these bytes. It was altered, or signed with another key.");
    }

    private static BundleProblem? WhyForeign(DocumentHeader header, string farm) => farm.Length == 0 || farm == header.Farm
        ? null
        : new BundleProblem(BundleRefusal.OtherFarm, $"{What} {header.Key} is of the farm '{header.Farm}'; this place belongs to '{farm}'. Look where --upstream leads.");

    private static BundleProblem? WhyNotEndorsed(DocumentHeader header, IEnumerable<Endorsement> ofKey, DateTimeOffset now, bool kept)
    {
        var forFarm = ofKey.Where(e => e.Farm == header.Farm).ToArray();
        if (forFarm.Length == 0) return new BundleProblem(BundleRefusal.NotEndorsed, $"{What} {header.Key}: its key is endorsed for another farm than '{header.Farm}'. Endorse it for this one: hybrid keys endorse");
        var last = forFarm.Max(e => e.Expires);
        return kept || last > now ? null : new BundleProblem(BundleRefusal.NotEndorsed, $"{What} {header.Key}: the endorsement of its key ended at {last:O}, and it is {now:O} here. Endorse the key anew: hybrid keys endorse. If the date is wrong, set this machine's clock.");
    }

    private static BundleProblem? WhyOld(DocumentSet held, DocumentHeader header, int added)
    {
        var current = held.Find(header.Key);
        if (current is not null && header.Revision < current.Header.Revision) return new BundleProblem(BundleRefusal.OldRevision, $"{What} {header.Key} has revision {header.Revision}; {current.Header.Revision} holds here. An older one never comes back: publish it anew.");
        if (held.Documents.FirstOrDefault(d => d.Header.Revision == header.Revision) is { } same) return new BundleProblem(BundleRefusal.Conflict, $"{What} {header.Key} has revision {header.Revision}, which {same.Header.Key} has here with other content. Two places sign for one farm, or its authority lost its counter: publish it anew.");
        var bytes = held.Documents.Sum(d => (long)d.Envelope.Length) - (current?.Envelope.Length ?? 0) + added;
        if (bytes > Limits.DocumentSetBytesMax) return new BundleProblem(BundleRefusal.TooLarge, $"{What} {header.Key} would bring all documents to {bytes} bytes; {Limits.DocumentSetBytesMax} are the most. Publish fewer versions.");
        return current is null && held.Documents.Count >= Limits.DocumentsMax ? new BundleProblem(BundleRefusal.TooLarge, $"{What} {header.Key} would be one more than {Limits.DocumentsMax}, which are the most.") : null;
    }

    private static bool SamePayload(SignedDocument current, DsseEnvelope read) =>
        ReadEnvelope(current.Envelope, out _) is { } held && held.Payload.AsSpan().SequenceEqual(read.Payload);

    private static string Remedy(DocumentTrust trust) => trust.Publishers.Count == 0
        ? "No publisher's key is known here: put the publisher's public key into the publishers' folder."
        : "Endorse the key with one that is in the publishers' folder: hybrid keys endorse";

    private static string Short(string keyId) => keyId[..Math.Min(16, keyId.Length)];
}
