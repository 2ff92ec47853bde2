namespace OrleansHybrid.Domain;

/// <content>Bounds of the documents that flow down.</content>
public static partial class Limits
{
    /// <summary>How long before its end a document is said to expire soon: by then its author has failed to renew it for as long as this. Owner: whoever runs the cell.</summary>
    public static readonly TimeSpan DocumentExpiresSoon = TimeSpan.FromDays(10);

    /// <summary>Endorsements of document keys that one place keeps, the ones that last longest first. More: the rest is dropped; a farm changes its key rarely. Owner: whoever holds a publisher key.</summary>
    public const int EndorsementsMax = 8;

    /// <summary>One endorsement with its envelope, in bytes. Above: refused; it is a key and three texts. Owner: whoever holds a publisher key.</summary>
    public const int EndorsementBytesMax = 16 << 10;

    /// <summary>How often a silo asks its cell for newer documents, and looks whether its own need renewing. A change binds on the cell's other silos within it. Owner: whoever runs the cell.</summary>
    public static readonly TimeSpan DocumentFollowInterval = TimeSpan.FromSeconds(1);

    /// <summary>How long a start waits for the cell's documents. After it the silo goes on with those of its own disk. Owner: whoever runs the cell.</summary>
    public static readonly TimeSpan DocumentStartMax = TimeSpan.FromSeconds(5);

    /// <summary>First and longest pause after a call for documents that failed; it doubles, each ± 20 %. A link that comes back ends it. Owner: whoever runs the cell above.</summary>
    public static readonly TimeSpan DocumentRetryMin = TimeSpan.FromMilliseconds(500);
    public static readonly TimeSpan DocumentRetryMax = TimeSpan.FromSeconds(10);

    /// <summary>How long a silo alone fetches for its cell after it last did. After it another takes over. Owner: whoever runs the cell.</summary>
    public static readonly TimeSpan DocumentFetchLease = TimeSpan.FromSeconds(45);

    /// <summary>After how long refused documents are asked for again: what was missing here (a publisher's key, an endorsement) may have come. Owner: whoever runs the cell.</summary>
    public static readonly TimeSpan DocumentRefusedRetry = TimeSpan.FromMinutes(5);

    /// <summary>How long a node's reports name a document that it refused, also when it does not come again: its cell may not be in reach. Owner: whoever runs the cell.</summary>
    public static readonly TimeSpan DocumentRefusedTold = TimeSpan.FromMinutes(10);

    /// <summary>Calls for documents that one silo holds open. More are answered at once; each takes a few KiB. Owner: whoever sizes the host.</summary>
    public const int DocumentPollsMax = 10_000;

    /// <summary>Times that a publication is tried anew because another silo published the same place in between. More: the caller is told to try again. Owner: the maintainers of OrleansHybrid.</summary>
    public const int DocumentPublishTriesMax = 5;

    /// <summary>How far above its own the authority follows a revision that a region says it holds, count. Further: not followed; no backup is so old, and the numbers should last. Owner: whoever runs the central cell.</summary>
    public const long DocumentRevisionLeapMax = 1_000_000;

    /// <summary>Texts of refused documents that one silo remembers, so that each is told once. More: the oldest is forgotten, and told again. Owner: the maintainers of OrleansHybrid.</summary>
    public const int DocumentRefusalsKept = 1000;

    /// <summary>Characters of a reason for blocking a version. Longer: 400. Owner: whoever blocks.</summary>
    public const int BlockReasonCharsMax = 500;

    /// <summary>One answer of the fleet protocol, in bytes: a document of the largest size beside others, with every endorsement. Above: the call failed. Owner: the maintainers of OrleansHybrid.</summary>
    public const int FleetAnswerBytesMax = DocumentBytesMax + BlobChunkBytes + (EndorsementsMax * EndorsementBytesMax) + 4096;

    /// <summary>All documents of a farm with their envelopes, in bytes. Above: the new one is refused; a silo holds them in memory, and its cell's store keeps them as one value. Owner: whoever runs the farm.</summary>
    public const long DocumentSetBytesMax = 32L << 20;
}
