using CsCheck;
using OrleansHybrid.Domain.Documents;
using OrleansHybrid.Domain.Nodes;
using Xunit;

namespace OrleansHybrid.Domain.Tests.Nodes;

public sealed class DesiredStateTests
{
    private static readonly Gen<CatalogueVariant> Variants =
        from name in Gen.Int[0, 99].Select(i => $"v{i}")
        from zones in Gen.Enum<Zone>().Array[1, 3]
        from mib in Gen.Double[1, 100]
        select new CatalogueVariant(name, [.. zones.Distinct()], mib, 1, [name + ".onnx", name + ".bin"]);

    private static readonly Gen<CatalogueEntry[]> Catalogues =
        (from versions in Gen.Int[1, 20].Array[1, 4]
         from variants in Variants.Array[1, 4]
         from blocked in Gen.Int[0, 4]
         from latest in Gen.Int[1, 3]
         select (versions: versions.Distinct().Order().ToArray(), variants, blocked, latest)).Array[1, 4]
        .Select(models => models.Select((m, i) => Entry($"m{i}", m.versions, m.variants, m.blocked, m.latest)).ToArray());

    [Fact]
    public void Node_never_gets_a_file_that_only_variants_of_other_zones_have() =>
        Gen.Select(Catalogues, Gen.Enum<Zone>(), Gen.Long[0, 200L << 20]).Sample((catalogue, zone, memory) =>
        {
            foreach (var version in DesiredStateRules.Of(Node(zone, memory), catalogue, 1).Versions)
            {
                var mine = version.Source.Variants.Where(v => v.Zones.Contains(zone)).SelectMany(v => v.Files).Concat(version.Source.Shared);
                Assert.Empty(version.Files.Select(f => f.Name).Except(mine));
            }
        });

    [Fact]
    public void Chosen_variants_fit_the_memory_together_and_none_is_blocked() =>
        Gen.Select(Catalogues, Gen.Enum<Zone>(), Gen.Long[1, 200L << 20]).Sample((catalogue, zone, memory) =>
        {
            var versions = DesiredStateRules.Of(Node(zone, memory), catalogue, 1).Versions;

            Assert.All(versions, v => Assert.Null(v.Source.Blocked));
            Assert.All(versions, v => Assert.Equal(v.Variant is null, v.Files.Count == 0));
            Assert.All(versions, v => Assert.False(v.Variant is null && v.Reason.Length == 0));
            var taken = versions.Where(v => v.Variant is not null).Sum(v => v.Source.Variants.First(c => c.Name == v.Variant && c.Zones.Contains(zone)).MemoryMib);
            Assert.True(taken * (1 << 20) <= memory + 1);
        });

    [Fact]
    public void Order_of_the_catalogue_does_not_matter() =>
        Gen.Select(Catalogues, Gen.Enum<Zone>(), Gen.Long[0, 200L << 20]).Sample((catalogue, zone, memory) =>
            Assert.Equal(
                DesiredStateRules.Of(Node(zone, memory), catalogue, 1).Versions.Select(v => (v.Model, v.Version, v.Variant)),
                DesiredStateRules.Of(Node(zone, memory), [.. catalogue.Reverse()], 1).Versions.Select(v => (v.Model, v.Version, v.Variant))));

    [Fact]
    public void Best_variant_that_fits_is_taken_with_its_files_and_the_shared_ones()
    {
        var large = new CatalogueVariant("large", [Zone.Edge], 60, 1, ["large.onnx"]);
        var tiny = new CatalogueVariant("tiny", [Zone.Edge], 8, 1, ["tiny.onnx"]);
        var cloud = new CatalogueVariant("cloud", [Zone.Cloud], 1, 1, ["cloud.onnx"]);

        var version = Assert.Single(DesiredStateRules.Of(Node(Zone.Edge, 10 << 20), [Entry("m", [1], [large, tiny, cloud], 0, 1)], 7).Versions);

        Assert.Equal(("tiny", 100), (version.Variant, version.SharePercent));
        Assert.Equal(["model.yaml", "tiny.onnx"], version.Files.Select(f => f.Name).Order(StringComparer.Ordinal));
        Assert.Contains("60 MiB", version.Reason, StringComparison.Ordinal);
    }

    private static DesiredStateNode Node(Zone zone, long memory) => new(new NodeKey("c", "n"), zone, memory, NodeAttributes.Unknown);

    private static CatalogueEntry Entry(string model, int[] versions, CatalogueVariant[] variants, int blocked, int latest)
    {
        var distinct = variants.DistinctBy(v => v.Name).ToArray();
        var files = distinct.SelectMany(v => v.Files).Append("model.yaml").Distinct().Select(f => new CatalogueFile(f, new BlobReference("sha256:" + f, 1))).ToArray();
        return new CatalogueEntry(model, new CataloguePolicy(Domain.Models.VersionPolicyKind.Latest, latest, []), [.. versions.Select(v =>
            new CatalogueVersion(v, $"sha256:{model}{v}", new BlobReference("sha256:s", 1), files, distinct, ["model.yaml"], "k", default, v == blocked ? "bad" : null))]);
    }
}
