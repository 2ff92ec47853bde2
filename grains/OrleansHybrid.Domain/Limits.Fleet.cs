namespace OrleansHybrid.Domain;

/// <content>Bounds of bundles, documents, nodes and links.</content>
public static partial class Limits
{
    /// <summary>Signatures of one DSSE envelope. More: refused; each is tried against each trusted key. Owner: the maintainers of OrleansHybrid.</summary>
    public const int SignaturesPerEnvelopeMax = 8;

    /// <summary>A bundle's signature file, in bytes: 5,000 files with long names take 2 MB. Above: refused. Owner: whoever publishes the model.</summary>
    public const int SignatureBytesMax = 4 << 20;

    /// <summary>Bytes of a signed file's name with its folders. Longer: refused. Owner: whoever publishes the model.</summary>
    public const int BundleNameBytesMax = 1024;

    /// <summary>One document with its envelope, in bytes. Above: it is not published. A model of 100 versions with 20 files each takes half of it. Owner: the maintainers of OrleansHybrid.</summary>
    public const int DocumentBytesMax = 2 << 20;

    /// <summary>Documents that hold at one time. Above: the new one is not published; they are all in every silo's and node's memory. Owner: the maintainers of OrleansHybrid.</summary>
    public const int DocumentsMax = 2000;

    /// <summary>How long a document is good for, and the age at which its author signs it anew. After it an alarm is raised and no wave starts; it goes on being served. Owner: whoever runs the cell.</summary>
    public static readonly TimeSpan DocumentLifetime = TimeSpan.FromDays(30);
    public static readonly TimeSpan DocumentRenewAfter = TimeSpan.FromDays(10);

    /// <summary>Rounds of PBKDF2 with SHA-256 between a passphrase and a publisher's private key. Fewer make guessing cheap; these take about a quarter of a second. Owner: the maintainers of OrleansHybrid.</summary>
    public const int PassphraseRounds = 600_000;

    /// <summary>Characters of the passphrase of a publisher's private key. Shorter: no key is made. Owner: whoever publishes the model.</summary>
    public const int PassphraseCharsMin = 8;

    /// <summary>A file with one key or passphrase, in bytes. Above: it is something else, and not read. Owner: whoever publishes the model.</summary>
    public const int KeyFileBytesMax = 64 << 10;

    /// <summary>Publisher keys that one place trusts. More: the rest is refused at start. Owner: whoever runs the cell.</summary>
    public const int PublisherKeysMax = 32;

    /// <summary>Bytes of one part of a file on its way, and of one answer of documents. Larger parts gain nothing and hold memory. Owner: the maintainers of OrleansHybrid.</summary>
    public const int BlobChunkBytes = 256 << 10;

    /// <summary>How long a call for documents waits for a change before it is answered with nothing. Longer: middle boxes cut it. Owner: the maintainers of OrleansHybrid.</summary>
    public static readonly TimeSpan DocumentPollMax = TimeSpan.FromSeconds(30);

    /// <summary>Bytes of all files that one place keeps of bundles. At it: old versions are collected first, then new files are refused; a full disk would stop the records and the state beside them. Owner: whoever runs the cell.</summary>
    public const long BundleStoreBytesMax = 100L << 30;

    /// <summary>Bytes of the disk under the bundles that stay free of them. At it: a push is refused with 507, a transfer before its first byte, each with what is needed and free; the audit log, the store and the records beside them go on. Owner: whoever runs the cell.</summary>
    public const long DiskReserveBytes = 128L << 20;

    /// <summary>How long a version stays on disk after nobody wanted it any more. Longer: a way back costs no transfer. Owner: whoever runs the cell.</summary>
    public static readonly TimeSpan BundleAgeMax = TimeSpan.FromDays(30);

    /// <summary>How long a file that broke off, or that no version here needs, waits to be asked for again. After it the transfer begins anew. Owner: whoever runs the cell.</summary>
    public static readonly TimeSpan IncomingAgeMax = TimeSpan.FromDays(7);

    /// <summary>Starts that may begin to load a version without ending it. At it: the version is quarantined and the last good one serves. One alone could be a power cut. Owner: the maintainers of OrleansHybrid.</summary>
    public const int ActivationStartsMax = 2;

    /// <summary>The file of last good versions and activation marks, in bytes: 1,000 models take 400 KB. Above: refused as broken. Owner: the maintainers of OrleansHybrid.</summary>
    public const int BundleIndexBytesMax = 16 << 20;
}
