using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.Domain.Documents;

namespace OrleansHybrid.Silo.Bundles;

/// <summary>What a push states of a version: the signed statement, and a size for each signed file.</summary>
/// <param name="Signature">The bytes of <c>model.sig</c> in base64.</param>
/// <param name="Sizes">Name → bytes.</param>
internal sealed record PushRequest(string? Signature, IReadOnlyDictionary<string, long>? Sizes);

/// <summary>Which pushes are taken up. Pure.</summary>
internal static class PushRules
{
    /// <summary>The signed files with their sizes and the signature's bytes, or why the push is refused.</summary>
    public static (BundleStatement? Statement, IReadOnlyList<CatalogueFile> Files, byte[] Signature, BundleProblem? Problem) Read(string model, int version, PushRequest request, IReadOnlyList<PublisherKey> trusted)
    {
        var bytes = Decode(request.Signature);
        var problem = CheckName(model, version) ?? CheckSignature(request.Signature, bytes);
        if (problem is not null) return (null, [], bytes, problem);
        var verdict = BundleSignature.Verify(bytes, trusted);
        if (verdict.Statement is not { } statement) return (null, [], bytes, verdict.Problem);
        return CheckSizes(statement, request.Sizes ?? new Dictionary<string, long>()) is { } sizes
            ? (null, [], bytes, sizes)
            : (statement, [.. statement.Files.Select(f => new CatalogueFile(f.Name, new BlobReference(f.Digest, request.Sizes![f.Name])))], bytes, null);
    }

    private static BundleProblem? CheckName(string model, int version)
    {
        if (version < 1) return new BundleProblem(BundleRefusal.WrongManifest, $"expected a version number of 1 or more; came {version}. Rename the version's folder.");
        return model.Contains('/') || model.Length > Limits.NameCharsMax || BundleNames.Check([model]) is not null
            ? new BundleProblem(BundleRefusal.UnsafeName, $"expected a model's name that can be a folder's, of at most {Limits.NameCharsMax} characters; came another. Rename the model.")
            : null;
    }

    private static BundleProblem? CheckSignature(string? text, byte[] bytes)
    {
        if (string.IsNullOrEmpty(text)) return new BundleProblem(BundleRefusal.Unsigned, $"expected the bytes of {BundleNames.SignatureFile} in 'signature'; came none. Sign the version: hybrid sign FOLDER --key FILE");
        if (bytes.Length == 0) return new BundleProblem(BundleRefusal.WrongShape, $"expected the bytes of {BundleNames.SignatureFile} in base64; came something else. Send the file as 'hybrid sign' wrote it.");
        return bytes.Length <= Limits.SignatureBytesMax ? null : new BundleProblem(BundleRefusal.TooLarge, $"expected a signature of at most {Limits.SignatureBytesMax} bytes; came one of {bytes.Length}. Sign fewer files.");
    }

    private static BundleProblem? CheckSizes(BundleStatement statement, IReadOnlyDictionary<string, long> sizes)
    {
        var names = statement.Files.Select(f => f.Name).ToHashSet(StringComparer.Ordinal);
        if (statement.Files.FirstOrDefault(f => !sizes.ContainsKey(f.Name)) is { } missing) return new BundleProblem(BundleRefusal.MissingFile, $"'{BundleNames.Show(missing.Name)}' is in the signature and has no size. Push the folder whole.");
        var ignored = statement.IgnorePaths.ToHashSet(StringComparer.Ordinal);
        if (sizes.Keys.FirstOrDefault(n => !names.Contains(n) && !BundleNames.IsUnder(n, ignored)) is { } extra) return new BundleProblem(BundleRefusal.ExtraFile, $"'{BundleNames.Show(extra)}' is not in the signature. Remove it, or sign the version again with it.");
        if (sizes.FirstOrDefault(s => s.Value < 0) is { Key: { } negative }) return new BundleProblem(BundleRefusal.WrongSize, $"'{BundleNames.Show(negative)}': expected a size of 0 bytes or more; came {sizes[negative]}. Send the file's own.");
        if (sizes.Values.Sum(s => (decimal)s) is var all && all > Limits.VersionBytesMax) return new BundleProblem(BundleRefusal.TooLarge, $"expected a version of at most {Limits.VersionBytesMax} bytes; came {all}. Leave out what does not belong to it.");
        var two = statement.Files.GroupBy(f => f.Digest).FirstOrDefault(g => g.Select(f => sizes[f.Name]).Distinct().Count() > 1);
        return two is null ? null : new BundleProblem(BundleRefusal.WrongSize, $"'{BundleNames.Show(two.First().Name)}' and '{BundleNames.Show(two.Last().Name)}' have the same content and different sizes. Send each file's own.");
    }

    private static byte[] Decode(string? text)
    {
        var bytes = new byte[(text?.Length ?? 0) / 4 * 3 + 3];
        return text is not null && Convert.TryFromBase64String(text, bytes, out var count) ? bytes[..count] : [];
    }
}
