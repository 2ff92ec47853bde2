using static OrleansHybrid.Domain.Bundles.BundleRefusal;
using static OrleansHybrid.EndToEnd.Tests.Tamper.TamperPlace;

namespace OrleansHybrid.EndToEnd.Tests.Tamper;

/// <summary>Every way to tamper that is tried, with its reason. The reference page is made from it, and each test of a place does exactly its rows.</summary>
internal static class TamperTable
{
    private const string SignAgain = "sign the version again with `hybrid sign`";
    private const string Rename = "rename the file, sign again";
    private const string AsSigned = "take the file as its signer wrote it";
    private const string FetchElsewhere = "nothing: it is fetched again; look at who is between when it goes on";
    private const string Repair = "correct the version's folder, sign it again";
    private const string PublishAnew = "publish it anew at the farm's authority";
    private const string Endorse = "endorse the authority's key with `hybrid keys endorse`, by a publisher that is trusted here";

    private static readonly TamperKind[] Documents =
    [
        new("document-no-json", Document, NotJson, "the document", PublishAnew),
        new("document-without-envelope", Document, WrongShape, "'payloadType'", PublishAnew),
        new("document-type", Document, WrongType, "expected the payload type", PublishAnew),
        new("document-altered", Document, WrongSignature, "none of its signatures", PublishAnew),
        new("document-wrong-key", Document, NotEndorsed, "whose endorsement was not made by a publisher", Endorse),
        new("document-of-another-farm", Document, OtherFarm, "is of the farm", "look where `--upstream` leads"),
        new("document-old-revision", Document, OldRevision, "An older one never comes back", PublishAnew),
        new("document-same-revision", Document, Conflict, "with other content", PublishAnew),
        new("document-member-twice", Document, DuplicateMember, "'farm' stands twice", PublishAnew),
        new("document-revision-zero", Document, WrongShape, "a revision of 1 or more", PublishAnew),
        new("document-over-before-it-began", Document, WrongShape, "to expire after it was issued", PublishAnew),
        new("document-of-another-model", Document, WrongShape, "came that of another model", PublishAnew),
        new("document-root-digest", Document, WrongRootDigest, "is not the root digest of the files it lists", PublishAnew),
        new("document-path-trick", Document, UnsafeName, "has a part '.' or '..'", PublishAnew),
        new("document-huge", Document, TooLarge, "are the most", "publish fewer versions of the model"),
    ];

    public static IReadOnlyList<TamperKind> All { get; } =
    [
        new("unsigned", Push, Unsigned, "came none", SignAgain),
        new("signature-no-base64", Push, WrongShape, "in base64; came something else", "send `model.sig` as it is"),
        new("signature-no-json", Push, NotJson, "the signature", AsSigned),
        new("signature-member-twice", Push, DuplicateMember, "'mediaType' stands twice", AsSigned),
        new("signature-stranger-member", Push, WrongShape, "'more' is not one of its form", AsSigned),
        new("signature-media-type", Push, WrongType, "expected the media type", AsSigned),
        new("signature-two-methods", Push, WrongShape, "states two signing methods", AsSigned),
        new("signature-other-method", Push, UnsupportedMethod, "by the method 'certificate'", "sign with `hybrid sign --key`"),
        new("signature-payload-type", Push, WrongType, "expected the payload type", SignAgain),
        new("signature-altered", Push, WrongSignature, "is not its signature over these bytes", SignAgain),
        new("signature-swapped", Push, WrongManifest, "version", "push each folder with its own `model.sig`"),
        new("wrong-key", Push, UnknownKey, "made by a key that is not trusted here", "put the publisher's public key into the publishers' folder"),
        new("statement-type", Push, WrongType, "in-toto statement of version 1", SignAgain),
        new("statement-predicate", Push, WrongType, "expected the predicate type", SignAgain),
        new("statement-two-subjects", Push, WrongShape, "exactly one subject", SignAgain),
        new("statement-other-hash", Push, UnsupportedMethod, "expected the hash sha256", SignAgain),
        new("statement-links-allowed", Push, UnsupportedMethod, "links are not followed", SignAgain),
        new("statement-without-files", Push, WrongShape, "at least one resource", SignAgain),
        new("statement-root-digest", Push, WrongRootDigest, "is not that of the files it lists", SignAgain),
        new("name-path-trick", Push, UnsafeName, "has a part '.' or '..'", Rename),
        new("name-absolute", Push, UnsafeName, "has an empty part", Rename),
        new("name-backslash", Push, UnsafeName, "has a backslash", Rename),
        new("name-device", Push, UnsafeName, "is a device's name", Rename),
        new("name-unicode-form", Push, UnsafeName, "file systems write in more than one form", Rename),
        new("name-control-character", Push, UnsafeName, "has a control character", Rename),
        new("name-ends-with-dot", Push, UnsafeName, "ends with a space or a dot", Rename),
        new("name-stream", Push, UnsafeName, "has a character that some file systems do not allow", Rename),
        new("name-of-the-signature", Push, UnsafeName, "belongs to what no signature covers", Rename),
        new("name-too-deep", Push, UnsafeName, "lies deeper than", Rename),
        new("names-differ-by-case", Push, NamesCollide, "are one file or folder", Rename),
        new("name-twice", Push, NamesCollide, "is listed twice", SignAgain),
        new("file-more", Push, ExtraFile, "'extra.txt' is not in the signature", "remove the file, or sign the version again with it"),
        new("file-less", Push, MissingFile, "is in the signature and has no size", "push the folder whole"),
        new("size-negative", Push, WrongSize, "a size of 0 bytes or more", "send the file's own size"),
        new("size-huge", Push, TooLarge, "expected a version of at most", "leave out what does not belong to the version"),
        new("sizes-of-one-content", Push, WrongSize, "the same content and different sizes", "send each file's own size"),
        new("size-wrong-digest-right", Push, WrongSize, "the content of this digest has", "send the file's own size"),
        new("model-path-trick", Push, UnsafeName, "a model's name that can be a folder's", "rename the model"),
        new("version-zero", Push, WrongManifest, "a version number of 1 or more", "rename the version's folder"),
        new("byte-altered", Push, AlteredFile, "expected the content", "send the file that was signed"),
        new("file-endless", Push, TooLarge, "more came", "send the file that was signed"),
        new("file-of-no-digest", Push, ExtraFile, "lists no file with this digest", "send the files that the upload lists"),
        new("manifest-missing", Push, WrongManifest, "expected 'model.yaml' in the version", Repair),
        new("manifest-broken", Push, WrongManifest, "model.yaml:2:1", Repair),
        new("manifest-other-model", Push, WrongManifest, "another", Repair),
        new("variant-missing", Push, WrongManifest, "not there", Repair),
        new("variant-broken", Push, WrongManifest, "large.onnx", Repair),
        new("variant-hazard", Push, WrongManifest, "Div", Repair),
        new("other-content-under-a-published-number", Push, Conflict, "Versions never change", "give it the next number"),

        .. Documents,

        new("transfer-byte-altered", Transfer, AlteredFile, "expected the content", FetchElsewhere),
        new("transfer-truncated", Transfer, Truncated, "the transfer ended after", FetchElsewhere),
        new("transfer-size-said-wrong", Transfer, WrongSize, "the sender's has", FetchElsewhere),
        new("transfer-endless", Transfer, TooLarge, "more came", FetchElsewhere),
        new("transfer-size-wrong-digest-right", Transfer, WrongSize, "the content of this digest has", PublishAnew),
        new("transfer-signature-swapped", Transfer, NotPublished, "its signature is over", PublishAnew),
        new("transfer-wrong-key", Transfer, UnknownKey, "made by a key that is not trusted here", "put the publisher's public key into the publishers' folder"),
        new("transfer-signature-altered", Transfer, WrongSignature, "is not its signature over these bytes", PublishAnew),
        new("transfer-signature-no-json", Transfer, NotJson, "the signature", PublishAnew),
        new("transfer-other-content-under-the-number", Transfer, Conflict, "is here with other content", "publish it under a new number"),

        new("node-byte-altered", Node, AlteredFile, "expected the content", FetchElsewhere),
        new("node-truncated", Node, Truncated, "the transfer ended after", FetchElsewhere),
        new("node-size-said-wrong", Node, WrongSize, "the sender's has", FetchElsewhere),
        new("node-endless", Node, TooLarge, "more came", FetchElsewhere),

        .. Documents.Select(k => k with { Name = "node-" + k.Name, Place = NodeDocument }),
        new("node-disk-document-altered", NodeDisk, NotJson, "the document", "nothing: it is asked for again; look at who writes to the data folder"),

        new("disk-byte-altered", Disk, AlteredFile, "is not the file that was signed", "nothing: it is put together again from the files by digest; look at who writes to the data folder"),
        new("disk-file-more", Disk, ExtraFile, "is not in the signature", "nothing: see above"),
        new("disk-link-out", Disk, NotAFile, "came a link that leaves it", "nothing: see above"),
        new("disk-link-inside", Disk, NotAFile, "is a link. Put", "nothing: see above"),
        new("disk-signature-gone", Disk, Unsigned, "there is none, and only signed versions are served here", "nothing: see above"),
        new("disk-manifest-gone", Disk, MissingFile, "is in the signature and not in the folder", "nothing: see above"),
        new("disk-document-altered", Disk, NotJson, "the document", "nothing: the document is fetched again, or published anew"),
    ];

    public static IReadOnlyList<TamperKind> Of(TamperPlace place) => [.. All.Where(k => k.Place == place)];

    public static TamperKind Find(string name) => All.Single(k => k.Name == name);
}
