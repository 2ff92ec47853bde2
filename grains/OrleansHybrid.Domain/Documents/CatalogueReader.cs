using System.Text.Json;
using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Domain.Documents;

/// <summary>Reads a catalogue entry: bounded, every name safe, every digest well formed, versions ascending, variants over files that are listed. Pure.</summary>
/// <remarks>Left to whoever fetches: that a publisher signed what the entry points at. Here only its shape can be judged.</remarks>
internal static class CatalogueReader
{
    public static CatalogueEntry? Read(JsonElement body, out BundleProblem? problem)
    {
        problem = null;
        if (body.Text("model") is not { Length: > 0 and <= Limits.NameCharsMax } model) return Refuse("expected the model's name", out problem);
        if (ReadPolicy(body) is not { } policy) return Refuse("expected a version policy: latest with a number, specific with versions, or all", out problem);
        if (body.Member("versions", JsonValueKind.Array) is not { } list) return Refuse("expected a list of versions", out problem);
        if (list.GetArrayLength() > Limits.VersionsPerModelMax) return Refuse($"expected at most {Limits.VersionsPerModelMax} versions; came {list.GetArrayLength()}", out problem);
        var versions = new List<CatalogueVersion>();
        foreach (var item in list.EnumerateArray())
        {
            if (ReadVersion(item, out problem) is not { } version) return null;
            if (versions.Count > 0 && versions[^1].Version >= version.Version) return Refuse($"expected versions in ascending order, each once; version {version.Version} is out of it", out problem);
            versions.Add(version);
        }

        return new CatalogueEntry(model, policy, versions);
    }

    private static CataloguePolicy? ReadPolicy(JsonElement body)
    {
        if (body.Member("policy", JsonValueKind.Object) is not { } policy || PolicyKinds.Find(policy.Text("kind")) is not { } kind) return null;
        if (Whole(policy, "latest") is not { } latest || latest < 0 || latest > Limits.VersionsPerModelMax || (kind == VersionPolicyKind.Latest && latest == 0)) return null;
        if (policy.Member("specific", JsonValueKind.Array) is not { } list || list.GetArrayLength() > Limits.VersionsPerModelMax) return null;
        var specific = new List<int>();
        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt32(out var version) || version < 1) return null;
            specific.Add(version);
        }

        return kind == VersionPolicyKind.Specific && specific.Count == 0 ? null : new CataloguePolicy(kind, latest, specific);
    }

    private static CatalogueVersion? ReadVersion(JsonElement item, out BundleProblem? problem)
    {
        problem = null;
        if (Whole(item, "version") is not { } version || version < 1) return RefuseVersion("expected a version number of 1 or more", out problem);
        var of = $"version {version}: ";
        if (item.Text("bundle") is not { } bundle || !BundleDigests.IsDigest(bundle)) return RefuseVersion(of + "expected the bundle's digest", out problem);
        if (item.Member("signature", JsonValueKind.Object) is not { } blob || ReadBlob(blob, Limits.SignatureBytesMax) is not { } signature) return RefuseVersion(of + "expected the digest and size of its signature", out problem);
        if (ReadFiles(item) is not { } files) return RefuseVersion(of + "expected its files with name, digest and size", out problem);
        if (BundleNames.Check([.. files.Select(f => f.Name)]) is { } unsafeName)
        {
            problem = unsafeName;
            return null;
        }

        if (BundleDigests.RootOf(files.Select(f => new BundleFile(f.Name, f.Blob.Digest))) != bundle) return RefuseRoot(of, out problem);
        var names = files.Select(f => f.Name).ToHashSet(StringComparer.Ordinal);
        if (Listed(item, "shared", names) is not { } shared) return RefuseVersion(of + "expected shared files that are listed", out problem);
        if (ReadVariants(item, names) is not { } variants) return RefuseVersion(of + "expected variants with name, zones, memory, latency and listed files", out problem);
        if (item.Text("publisher_key_id") is not { Length: > 0 and <= Limits.NameCharsMax } key || DocumentReader.Time(item, "pushed_at") is not { } pushed) return RefuseVersion(of + "expected who signed it and when it was pushed", out problem);
        if (!TryBlocked(item, out var blocked)) return RefuseVersion(of + "expected a reason, or null, in 'blocked'", out problem);
        return new CatalogueVersion(version, bundle, signature, files, variants, shared, key, pushed, blocked);
    }

    private static List<CatalogueFile>? ReadFiles(JsonElement item)
    {
        if (item.Member("files", JsonValueKind.Array) is not { } list || list.GetArrayLength() is 0 or > Limits.FilesPerVersionMax) return null;
        var files = new List<CatalogueFile>();
        foreach (var file in list.EnumerateArray())
        {
            if (file.Text("name") is not { } name || ReadBlob(file, Limits.VersionBytesMax) is not { } blob) return null;
            if (files.Count > 0 && BundleNames.Compare(files[^1].Name, name) >= 0) return null;
            files.Add(new CatalogueFile(name, blob));
        }

        return files;
    }

    private static List<CatalogueVariant>? ReadVariants(JsonElement item, HashSet<string> names)
    {
        if (item.Member("variants", JsonValueKind.Array) is not { } list || list.GetArrayLength() is 0 or > Limits.VariantsPerVersionMax) return null;
        var variants = new List<CatalogueVariant>();
        foreach (var variant in list.EnumerateArray())
        {
            if (variant.Text("name") is not { Length: > 0 and <= Limits.NameCharsMax } name || variants.Any(v => v.Name == name)) return null;
            if (variant.Member("zones", JsonValueKind.Array) is not { } places || places.GetArrayLength() is 0 or > 3) return null;
            var zones = new List<Zone>();
            foreach (var place in places.EnumerateArray())
            {
                if (place.ValueKind != JsonValueKind.String || !Zones.TryParse(place.GetString(), out var zone) || zones.Contains(zone)) return null;
                zones.Add(zone);
            }

            if (Amount(variant, "memory_mib", Limits.DeclaredMemoryMibMax) is not { } memory || Amount(variant, "latency_ms", Limits.DeclaredLatencyMsMax) is not { } latency) return null;
            if (Listed(variant, "files", names) is not { } files) return null;
            variants.Add(new CatalogueVariant(name, zones, memory, latency, files));
        }

        return variants;
    }

    private static List<string>? Listed(JsonElement item, string member, HashSet<string> names)
    {
        if (item.Member(member, JsonValueKind.Array) is not { } list || list.GetArrayLength() > names.Count) return null;
        var listed = new List<string>();
        foreach (var name in list.EnumerateArray())
        {
            if (name.ValueKind != JsonValueKind.String || !names.Contains(name.GetString()!)) return null;
            listed.Add(name.GetString()!);
        }

        return listed;
    }

    private static BlobReference? ReadBlob(JsonElement item, long bytesMax) =>
        item.Text("digest") is { } digest && BundleDigests.IsDigest(digest) && DocumentReader.Number(item, "bytes") is { } bytes && bytes >= 0 && bytes <= bytesMax ? new BlobReference(digest, bytes) : null;

    private static bool TryBlocked(JsonElement item, out string? blocked)
    {
        blocked = item.Text("blocked");
        return blocked is { Length: <= Limits.BlockReasonCharsMax } || (item.TryGetProperty("blocked", out var member) && member.ValueKind == JsonValueKind.Null);
    }

    private static int? Whole(JsonElement item, string member) => DocumentReader.Number(item, member) is { } number and >= int.MinValue and <= int.MaxValue ? (int)number : null;

    private static double? Amount(JsonElement item, string member, double most) =>
        item.Member(member, JsonValueKind.Number) is { } number && number.TryGetDouble(out var amount) && amount >= 0 && amount <= most ? amount : null;

    private static CatalogueEntry? Refuse(string wrong, out BundleProblem? problem)
    {
        problem = DocumentReader.Shape(wrong);
        return null;
    }

    private static CatalogueVersion? RefuseVersion(string wrong, out BundleProblem? problem)
    {
        problem = DocumentReader.Shape(wrong);
        return null;
    }

    private static CatalogueVersion? RefuseRoot(string of, out BundleProblem? problem)
    {
        problem = new BundleProblem(BundleRefusal.WrongRootDigest, $"{DocumentReader.What}: {of}its bundle is not the root digest of the files it lists. Publish it anew at the farm's authority.");
        return null;
    }
}
