using System.Security.Cryptography;
using System.Text.Json.Nodes;
using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.EndToEnd.Tests.Bundles;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Kill;

/// <summary>The bundles of a place on disk: what they must be like at any time, and what brings a place to a rare write.</summary>
internal sealed class KilledFolders(string bundles, PublisherKey trusted)
{
    private static readonly DateTime Old = TimeProvider.System.GetUtcNow().UtcDateTime - TimeSpan.FromDays(100);

    private string Repository => Path.Combine(bundles, "repository");

    private string StrayPart => Path.Combine(bundles, "incoming", new string('a', 64) + ".part");

    private string StrayBlob
    {
        get
        {
            var hex = Convert.ToHexStringLower(SHA256.HashData("nobody's"u8));
            return Path.Combine(bundles, "blobs", hex[..2], hex);
        }
    }

    /// <summary>No file by digest has this begin yet.</summary>
    public bool IsFresh(string digest) => !Directory.Exists(Path.Combine(bundles, "blobs", digest[BundleDigests.Prefix.Length..][..2]));

    /// <summary>What the repository shows is whole and signed, and so is every file by digest, whatever else lies about.</summary>
    public void AssertWhole()
    {
        foreach (var folder in Directory.EnumerateDirectories(Repository).SelectMany(Directory.EnumerateDirectories)) AssertWhole(folder);
        foreach (var blob in Directory.EnumerateFiles(Path.Combine(bundles, "blobs"), "*", SearchOption.AllDirectories)) Assert.Equal(Path.GetFileName(blob), Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(blob))));
    }

    /// <summary>Null: nothing of what was cut off is left, and it is written down that a version was the last good one. Else what is wrong yet.</summary>
    public string? WhyNotClean(string model, int version)
    {
        var left = Left().Select(p => Path.GetRelativePath(bundles, p)).ToArray();
        if (left.Length > 0) return "there is " + string.Join(' ', left);
        var index = JsonNode.Parse(File.ReadAllText(Path.Combine(bundles, "index.json")))!;
        if (index["marks"]!.AsArray().Count > 0) return "a load is marked";
        return index["lastGood"]!.ToJsonString().Contains(FormattableString.Invariant($"\"{model}@{version}\""), StringComparison.Ordinal) || IsGood(index, model, version) ? null : "the version is not written down as the last good one";
    }

    /// <summary>For a version that comes next: its folder with the files of the variant that this place does not run, whole and signed. It takes two renames to replace it.</summary>
    public void PutOtherVariant(PushedVersion version)
    {
        var target = Path.Combine(Repository, version.Model, FormattableString.Invariant($"{version.Version}"));
        var running = Directory.EnumerateFiles(Repository, "*.onnx", SearchOption.AllDirectories).Select(f => Path.GetFileName(f)!).First();
        var made = Directory.CreateTempSubdirectory("hybrid-other-").FullName;
        foreach (var file in version.Files.Append("model.sig").Where(f => f != running))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(made, file))!);
            File.WriteAllBytes(Path.Combine(made, file), version.Read(file));
        }

        Directory.Move(made, target);
    }

    /// <returns>What stands where the version's folder belongs.</returns>
    public string Obstruct(PushedVersion version)
    {
        var obstacle = Path.Combine(Directory.CreateDirectory(Path.Combine(Repository, version.Model)).FullName, FormattableString.Invariant($"{version.Version}"));
        File.WriteAllText(obstacle, "no folder");
        return obstacle;
    }

    /// <summary>Something of each kind to collect: a version that nobody wants any more, a file that is nobody's, a transfer that broke off, statements.</summary>
    public void Age(int version)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(StrayBlob)!);
        File.WriteAllText(StrayBlob, "nobody's");
        File.WriteAllText(StrayPart, "broken off");
        foreach (var file in new[] { StrayBlob, StrayPart }.Concat(Directory.EnumerateFiles(Path.Combine(bundles, "statements")))) File.SetLastWriteTimeUtc(file, Old);
        Directory.SetLastWriteTimeUtc(Path.Combine(Repository, KilledPlace.Model, FormattableString.Invariant($"{version}")), Old);
    }

    private static bool IsGood(JsonNode index, string model, int version) =>
        index["lastGood"]!.AsArray().Any(g => (string?)g!["version"]?["model"] == model && (int?)g["version"]?["version"] == version);

    private void AssertWhole(string folder)
    {
        var statement = BundleSignature.Verify(File.ReadAllBytes(Path.Combine(folder, "model.sig")), [trusted]).Statement;
        Assert.NotNull(statement);
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder, f)).Where(f => f != "model.sig").ToArray();
        // One variant, and all that belongs to every variant.
        var variant = Assert.Single(files, f => f.EndsWith(".onnx", StringComparison.Ordinal));
        Assert.Equal(statement.Files.Select(f => f.Name).Where(f => !f.EndsWith(".onnx", StringComparison.Ordinal)).Append(variant).Order(StringComparer.Ordinal), files.Order(StringComparer.Ordinal));
        Assert.All(files, f => Assert.Equal(statement.Files.Single(s => s.Name == f).Digest, BundleDigests.Of(File.ReadAllBytes(Path.Combine(folder, f)))));
    }

    private IEnumerable<string> Left()
    {
        var statements = Directory.GetFiles(Path.Combine(bundles, "statements"));
        return Directory.GetFileSystemEntries(Path.Combine(bundles, "staging"))
            .Concat(Directory.GetFiles(bundles, "*.half", SearchOption.AllDirectories))
            .Concat(Directory.GetFiles(Path.Combine(bundles, "incoming")))
            .Concat(Directory.Exists(Path.Combine(bundles, "uploads")) ? Directory.GetFileSystemEntries(Path.Combine(bundles, "uploads")) : [])
            .Concat(Directory.GetFiles(Path.Combine(Path.GetDirectoryName(bundles)!, "documents"), "*.new"))
            .Concat(statements.Where(s => !File.Exists(Path.ChangeExtension(s, s.EndsWith(".sig", StringComparison.Ordinal) ? ".json" : ".sig"))))
            .Concat(File.Exists(StrayBlob) ? [StrayBlob] : []);
    }
}
