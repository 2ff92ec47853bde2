using System.Buffers;
using System.Text.Json;
using OrleansHybrid.Domain.Bundles;

namespace OrleansHybrid.Domain.Documents;

/// <summary>What a publisher states when it endorses a document key: this key may sign the documents of this farm, until then.</summary>
/// <param name="Key">The document key's public half.</param>
/// <param name="Publisher">Id of the publisher's key that made the endorsement.</param>
public sealed record Endorsement(string Farm, PublisherKey Key, DateTimeOffset Issued, DateTimeOffset Expires, string Publisher);

/// <summary>How endorsements are written, read and kept. Pure.</summary>
/// <remarks>
/// Rules kept here: an endorsement counts when a trusted publisher signed it; for each document key the one that lasts longest is kept, at most
/// <see cref="Limits.EndorsementsMax"/>. Whether it is over is judged by whoever uses it: what was accepted under it goes on holding.
/// </remarks>
public static class EndorsementRules
{
    public const string PayloadType = "application/vnd.orleanshybrid.endorsement+json";
    private const string What = "the endorsement";

    /// <summary>What a publisher signs.</summary>
    public static byte[] Write(string farm, string publicKeyPem, DateTimeOffset issued, DateTimeOffset expires)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("farm", farm);
            writer.WriteString("key", publicKeyPem);
            writer.WriteString("issued", issued);
            writer.WriteString("expires", expires);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Null when no trusted publisher made it; then <paramref name="problem"/> says why.</summary>
    public static Endorsement? Verify(ReadOnlySpan<byte> envelope, IReadOnlyList<PublisherKey> publishers, out BundleProblem? problem)
    {
        if (ReadEnvelope(envelope, out problem) is not { } read) return null;
        if (read.VerifiedBy(publishers) is { } publisher) return ReadPayload(read.Payload, publisher.KeyId, out problem);
        problem = new BundleProblem(BundleRefusal.NotEndorsed, publishers.Count == 0
            ? $"{What}: no publisher's key is known here. Put the publisher's public key into the publishers' folder."
            : $"{What} was made by a publisher that is not trusted here. Put its public key into the publishers' folder, or endorse the key with one that is there: hybrid keys endorse");
        return null;
    }

    /// <summary>The key that an envelope claims to endorse, unverified: only to say in an error whose signature it was.</summary>
    internal static Endorsement? Claimed(ReadOnlySpan<byte> envelope) =>
        ReadEnvelope(envelope, out _) is { } read ? ReadPayload(read.Payload, "", out _) : null;

    /// <summary>Those of both that trusted publishers made, for this farm, one for each key; ascending by digest, so that the order of arrival does not matter.</summary>
    public static IReadOnlyList<byte[]> Merge(IEnumerable<byte[]> held, IEnumerable<byte[]> came, IReadOnlyList<PublisherKey> publishers, string farm) =>
        Best(held.Concat(came).Select(e => (Envelope: e, Endorsement: Verify(e, publishers, out _))).Where(e => e.Endorsement is not null && (farm.Length == 0 || e.Endorsement.Farm == farm))!);

    private static IReadOnlyList<byte[]> Best(IEnumerable<(byte[] Envelope, Endorsement Endorsement)> all) =>
    [
        .. all.GroupBy(e => (e.Endorsement.Farm, e.Endorsement.Key.KeyId))
            .Select(key => key.OrderByDescending(e => e.Endorsement.Expires).ThenBy(e => BundleDigests.Of(e.Envelope), StringComparer.Ordinal).First())
            .OrderByDescending(e => e.Endorsement.Expires).ThenBy(e => BundleDigests.Of(e.Envelope), StringComparer.Ordinal)
            .Take(Limits.EndorsementsMax)
            .Select(e => e.Envelope)
            .OrderBy(e => BundleDigests.Of(e), StringComparer.Ordinal),
    ];

    private static DsseEnvelope? ReadEnvelope(ReadOnlySpan<byte> envelope, out BundleProblem? problem)
    {
        if (envelope.Length > Limits.EndorsementBytesMax)
        {
            problem = new BundleProblem(BundleRefusal.TooLarge, $"{What} has {envelope.Length} bytes; {Limits.EndorsementBytesMax} are the most. Make it with: hybrid keys endorse");
            return null;
        }

        if (StrictJson.ReadObject(envelope, What, out problem) is not { } root || DsseEnvelope.Read(root, What, out problem) is not { } read) return null;
        if (read.PayloadType == PayloadType) return read;
        problem = new BundleProblem(BundleRefusal.WrongType, $"{What}: expected the payload type {PayloadType}; came another. Make it with: hybrid keys endorse");
        return null;
    }

    private static Endorsement? ReadPayload(byte[] payload, string publisher, out BundleProblem? problem)
    {
        if (StrictJson.ReadObject(payload, What, out problem) is not { } root) return null;
        if (root.Text("farm") is not { Length: > 0 and <= Limits.NameCharsMax } farm || root.Text("key") is not { } pem
            || DocumentReader.Time(root, "issued") is not { } issued || DocumentReader.Time(root, "expires") is not { } expires || expires <= issued)
        {
            problem = new BundleProblem(BundleRefusal.WrongShape, $"{What}: expected farm, key, issued and a later expires. Make it with: hybrid keys endorse");
            return null;
        }

        return PublisherKey.Read("document key", pem, out problem) is { } key ? new Endorsement(farm, key, issued, expires, publisher) : null;
    }
}
