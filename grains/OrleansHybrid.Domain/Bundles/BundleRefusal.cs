namespace OrleansHybrid.Domain.Bundles;

/// <summary>Why a bundle, a file of one, or a document is refused: one reason each, so that who reads a log or an audit entry knows which check failed.</summary>
public enum BundleRefusal
{
    /// <summary>There is no signature where one is required.</summary>
    Unsigned,

    /// <summary>The text is no JSON object, or not in UTF-8.</summary>
    NotJson,

    /// <summary>A member stands twice in one object: readers would differ in which one they take.</summary>
    DuplicateMember,

    /// <summary>A member that must be there is missing, or has another type.</summary>
    WrongShape,

    /// <summary>A media or payload type of something else.</summary>
    WrongType,

    /// <summary>A signing method that is not the key method, or a hash or serialization that is not SHA-256 over whole files.</summary>
    UnsupportedMethod,

    /// <summary>No key that is trusted here made the signature.</summary>
    UnknownKey,

    /// <summary>The key is no ECDSA key on P-256 or P-384.</summary>
    UnusableKey,

    /// <summary>The signature is not one of the trusted key over these bytes.</summary>
    WrongSignature,

    /// <summary>The root digest is not that of the listed files.</summary>
    WrongRootDigest,

    /// <summary>A file's name that could lead out of the folder, or that some file systems read otherwise.</summary>
    UnsafeName,

    /// <summary>Two names that some file systems take for one: they differ in case or in Unicode form alone, or one is a folder of the other.</summary>
    NamesCollide,

    /// <summary>More files, bytes or depth than the bounds allow.</summary>
    TooLarge,

    /// <summary>A file on disk that the statement does not list.</summary>
    ExtraFile,

    /// <summary>A listed file that is not there.</summary>
    MissingFile,

    /// <summary>A file whose content is not the listed one.</summary>
    AlteredFile,

    /// <summary>A file that has fewer or more bytes than was said.</summary>
    WrongSize,

    /// <summary>A link, a device or anything else that is no regular file.</summary>
    NotAFile,

    /// <summary>A manifest that is broken, or that names another model or version.</summary>
    WrongManifest,

    /// <summary>The transfer ended before the file did.</summary>
    Truncated,

    /// <summary>The same version was accepted with other content: versions never change.</summary>
    Conflict,

    /// <summary>A document of another farm.</summary>
    OtherFarm,

    /// <summary>A revision that is not above the last accepted one.</summary>
    OldRevision,

    /// <summary>The document's key is not endorsed by a publisher that is trusted here, or its endorsement is over.</summary>
    NotEndorsed,

    /// <summary>Points at a digest that no publisher signed.</summary>
    NotPublished,

    /// <summary>A version that an operator or a rollout blocked.</summary>
    Blocked,

    /// <summary>There is no room for it: the disk is full, or the store's bound is reached.</summary>
    NoRoom,
}

/// <summary>A refusal for people: what was expected, what came, what to do.</summary>
public sealed record BundleProblem(BundleRefusal Refusal, string Message)
{
    public override string ToString() => $"{Refusal}: {Message}";

    /// <summary>Back from its text, as reports of nodes and of repositories carry it; null when the text is no refusal.</summary>
    public static BundleProblem? Read(string text)
    {
        var colon = text.IndexOf(": ", StringComparison.Ordinal);
        if (colon <= 0 || text.AsSpan(0, colon).ContainsAnyExceptInRange('A', 'z') || !Enum.TryParse<BundleRefusal>(text.AsSpan(0, colon), out var refusal)) return null;
        return new BundleProblem(refusal, text[(colon + 2)..]);
    }
}
