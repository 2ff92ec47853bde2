namespace OrleansHybrid.Domain.Routing;

/// <summary>A compiled policy that asks to become its cell's.</summary>
/// <param name="Rename">The policy may have another name than the current one.</param>
/// <param name="ExpectedRevision">The revision that the author changed from; null: whichever. Another current one refuses the offer.</param>
/// <param name="DryRun">Say what would happen, and keep nothing.</param>
[GenerateSerializer, Immutable, Alias("hybrid.policy-offer")]
public sealed record PolicyOffer(
    [property: Id(0)] PolicyDocument Document,
    [property: Id(1)] bool Rename = false,
    [property: Id(2)] long? ExpectedRevision = null,
    [property: Id(3)] bool DryRun = false);

/// <summary>What became of an offer.</summary>
public enum PolicyVerdict
{
    /// <summary>It is the current policy from now on.</summary>
    Accepted,

    /// <summary>It is the current policy already, text for text.</summary>
    Same,

    /// <summary>It was the current policy once, text for text; a later one took its place.</summary>
    Superseded,

    /// <summary>The revision is not above the last accepted one.</summary>
    RevisionRefused,

    /// <summary>The name is not the current policy's.</summary>
    NameRefused,

    /// <summary>The current revision is not the one that the author changed from.</summary>
    ConflictRefused,
}

/// <summary>The answer to an offer.</summary>
/// <param name="Error">Why it is not the current policy now; null when it is.</param>
/// <param name="Current">The revision that is current now; 0 before any policy.</param>
[GenerateSerializer, Immutable, Alias("hybrid.policy-receipt")]
public sealed record PolicyReceipt([property: Id(0)] PolicyVerdict Verdict, [property: Id(1)] PolicyError? Error, [property: Id(2)] long Current)
{
    public bool Refused => Verdict is PolicyVerdict.RevisionRefused or PolicyVerdict.NameRefused or PolicyVerdict.ConflictRefused;
}

/// <summary>A cell's current policy as its store knows it.</summary>
/// <param name="Revision">0 before any policy.</param>
/// <param name="Document">Null when the caller has it already.</param>
[GenerateSerializer, Immutable, Alias("hybrid.policy-head")]
public sealed record PolicyHead([property: Id(0)] long Revision, [property: Id(1)] string Digest, [property: Id(2)] PolicyDocument? Document);

/// <summary>A kept revision without its text.</summary>
/// <param name="Chars">Length of the text.</param>
[GenerateSerializer, Immutable, Alias("hybrid.policy-revision")]
public sealed record PolicyRevision(
    [property: Id(0)] string Name,
    [property: Id(1)] long Revision,
    [property: Id(2)] string Digest,
    [property: Id(3)] DateTimeOffset AcceptedAt,
    [property: Id(4)] string By,
    [property: Id(5)] int Chars);
