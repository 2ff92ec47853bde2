using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Yaml;

namespace OrleansHybrid.Inference.Repository;

/// <summary>Reads a model's own <c>config.yaml</c>, which says in Triton's words which versions are served: <c>version_policy: { latest: { num_versions: 1 } }</c>, <c>{ specific: { versions: [1, 3] } }</c> or <c>{ all: {} }</c>.</summary>
internal static class ModelConfigReader
{
    private static readonly string[] Kinds = ["latest", "specific", "all"];

    /// <summary>The policy; Triton's default (the latest one) when the file says nothing. Errors go to <paramref name="errors"/>.</summary>
    public static VersionPolicy Read(ReadOnlySpan<byte> bytes, ErrorList errors)
    {
        var (root, error) = YamlTree.Read(bytes);
        if (error is not null) errors.Add(error, new TextPlace(error.Line, error.Column));
        if (root is null || MapReader.From(root, "", errors, "version_policy") is not { } map) return VersionPolicy.Default;
        return map.Map("version_policy", Kinds) is { } policy ? ReadPolicy(policy, errors) : VersionPolicy.Default;
    }

    private static VersionPolicy ReadPolicy(MapReader map, ErrorList errors)
    {
        var given = Kinds.Where(map.Has).ToList();
        if (given.Count != 1)
        {
            errors.Add(new("version_policy", "exactly one of latest, specific, all", given.Count == 0 ? "none" : string.Join(" and ", given), "Keep one"));
            return VersionPolicy.Default;
        }

        return given[0] switch
        {
            "latest" => new(VersionPolicyKind.Latest, map.Map("latest", ["num_versions"])?.Integer("num_versions", 1, Limits.VersionsPerModelMax) ?? 1, []),
            "specific" => new(VersionPolicyKind.Specific, 0, ReadVersions(map, errors)),
            _ => map.Map("all", []) is null ? VersionPolicy.Default : new(VersionPolicyKind.All, 0, []),
        };
    }

    private static IReadOnlyList<int> ReadVersions(MapReader map, ErrorList errors) =>
        map.Map("specific", ["versions"]) is not { } specific
            ? []
            : [.. specific.List("versions", 1, Limits.VersionsPerModelMax, required: true).Select(v => ScalarReader.Integer(v.Value, v.Path, 1, int.MaxValue, errors)).OfType<int>().Distinct().Order()];
}
