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
        if (predicate.Member("resources", JsonValueKind.Array) is not { } resources || ReadFiles(resources) is not { } files) return Refused(BundleRefusal.WrongShape, "expected resources with name, algorithm sha256 and digest");
        if (BundleNames.Check([.. files.Select(f => f.Name)]) is { } names) return new BundleVerdict(null, names);
        files.Sort(BundleDigests.ByName);
        var root256 = subjects[0].Member("digest", JsonValueKind.Object)?.Text(Sha256);
        var rootDigest = BundleDigests.RootOf(files);
        if (BundleDigests.Prefix + root256 != rootDigest) return Refused(BundleRefusal.WrongRootDigest, "its root digest is not that of the files it lists");
        return BundleVerdict.Of(new BundleStatement(subjects[0].Text("name") ?? "", rootDigest, files, IgnorePaths(serialization), keyId));
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

    private static IReadOnlyList<string> IgnorePaths(JsonElement serialization) =>
        serialization.Member("ignore_paths", JsonValueKind.Array) is { } paths ? [.. paths.EnumerateArray().Where(p => p.ValueKind == JsonValueKind.String).Select(p => p.GetString()!)] : [];

    private static BundleVerdict Refused(BundleRefusal refusal, string why) => BundleVerdict.Refused(refusal, $"{What}: {why}. Sign the version again with 'hybrid sign'.");
}
