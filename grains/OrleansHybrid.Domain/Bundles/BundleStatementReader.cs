using System.Text.Json;

namespace OrleansHybrid.Domain.Bundles;

/// <summary>Reads an in-toto statement with the predicate of OpenSSF Model Signing 1.0. Only called on bytes whose signature was verified. Pure.</summary>
internal static class BundleStatementReader
{
    public const string StatementType = "https://in-toto.io/Statement/v1";
    public const string PredicateType = "https://model_signing/signature/v1.0";
    private const string Sha256 = "sha256";
    private const string What = "the signed statement";

    public static BundleVerdict Read(byte[] payload, string keyId)
    {
        if (StrictJson.ReadObject(payload, What, out var problem) is not { } root) return new BundleVerdict(null, problem);
        if (root.Text("_type") != StatementType) return Refused(BundleRefusal.WrongType, "expected an in-toto statement of version 1; came another type");
        if (root.Text("predicateType") != PredicateType) return Refused(BundleRefusal.WrongType, $"expected the predicate type {PredicateType}; came another");
        if (root.Member("subject", JsonValueKind.Array) is not { } subjects || subjects.GetArrayLength() != 1) return Refused(BundleRefusal.WrongShape, "expected exactly one subject");
        if (root.Member("predicate", JsonValueKind.Object) is not { } predicate) return Refused(BundleRefusal.WrongShape, "expected a predicate");
        if (predicate.Member("serialization", JsonValueKind.Object) is not { } serialization) return Refused(BundleRefusal.WrongShape, "expected the predicate's serialization");
        if (WhyUnsupported(serialization) is { } unsupported) return Refused(BundleRefusal.UnsupportedMethod, unsupported);
        if (Stranger(root, predicate, serialization) is { } stranger) return Refused(BundleRefusal.WrongShape, $"the member '{stranger}' is not one of its form");
        if (predicate.Member("resources", JsonValueKind.Array) is not { } resources || ReadFiles(resources) is not { Count: > 0 } files) return Refused(BundleRefusal.WrongShape, "expected at least one resource, each with name, algorithm sha256 and digest");
        if (BundleNames.Check([.. files.Select(f => f.Name)]) is { } names) return new BundleVerdict(null, names);
        if (ReadIgnorePaths(serialization) is not { } ignored) return Refused(BundleRefusal.WrongShape, "expected ignore_paths to be a list of texts");
        if (subjects[0].Text("name") is not { Length: > 0 } subject) return Refused(BundleRefusal.WrongShape, "expected the subject to have a name");
        var root256 = subjects[0].Member("digest", JsonValueKind.Object)?.Text(Sha256);
        var rootDigest = BundleDigests.RootAsListed(files);
        if (BundleDigests.Prefix + root256 != rootDigest) return Refused(BundleRefusal.WrongRootDigest, "its root digest is not that of the files it lists");
        files.Sort(BundleDigests.ByName);
        return BundleVerdict.Of(new BundleStatement(subject, rootDigest, files, ignored, keyId));
    }

    private static string? WhyUnsupported(JsonElement serialization)
    {
        if (serialization.Text("method") != "files") return "expected the serialization method 'files' (each file hashed whole); came another";
        if (serialization.Text("hash_type") != Sha256) return "expected the hash sha256; came another";
        return serialization.TryGetProperty("allow_symlinks", out var links) && links.ValueKind == JsonValueKind.False ? null : "expected allow_symlinks to be false: links are not followed";
    }

    private static List<BundleFile>? ReadFiles(JsonElement resources)
    {
        var files = new List<BundleFile>();
        foreach (var item in resources.EnumerateArray())
        {
            if (item.Text("name") is not { } name || item.Text("algorithm") != Sha256 || item.Text("digest") is not { } digest) return null;
            if (!BundleDigests.IsDigest(BundleDigests.Prefix + digest)) return null;
            files.Add(new BundleFile(name, BundleDigests.Prefix + digest));
        }

        return files;
    }

    /// <summary>Empty when the statement has none, as before version 1.1 of the reference implementation.</summary>
    private static IReadOnlyList<string>? ReadIgnorePaths(JsonElement serialization)
    {
        if (!serialization.TryGetProperty("ignore_paths", out var paths)) return [];
        if (paths.ValueKind != JsonValueKind.Array || paths.EnumerateArray().Any(p => p.ValueKind != JsonValueKind.String || p.GetString()!.Length == 0)) return null;
        return [.. paths.EnumerateArray().Select(p => p.GetString()!)];
    }

    /// <summary>What the specification's schemas do not allow for; a resource may have more members than are read.</summary>
    private static string? Stranger(JsonElement root, JsonElement predicate, JsonElement serialization) =>
        root.Stranger("_type", "subject", "predicateType", "predicate")
        ?? predicate.Stranger("resources", "serialization")
        ?? serialization.Stranger("method", "hash_type", "allow_symlinks", "ignore_paths");

    private static BundleVerdict Refused(BundleRefusal refusal, string why) => BundleVerdict.Refused(refusal, $"{What}: {why}. Sign the version again with 'hybrid sign'.");
}
