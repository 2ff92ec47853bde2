using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Inference.Repository;

/// <summary>The probes of one reading of a version. In every zone all of them are read and checked, so that a version is good in all zones or in none.</summary>
/// <param name="reader">Null: they stay files like any other.</param>
internal sealed class ProbesReading(IProbeReader? reader)
{
    private readonly List<(string Name, ReadOnlyMemory<byte> Bytes)> files = [];

    /// <returns>What is wrong with their number and sizes.</returns>
    public async Task<IReadOnlyList<string>> ReadAsync(VersionFolder folder, VersionFiles verified, CancellationToken cancellationToken)
    {
        if (reader is null) return [];
        var found = folder.Files.Where(f => ProbeRules.IsProbe(f.Key) && !verified.Digests.ContainsKey(f.Key)).OrderBy(f => f.Key, StringComparer.Ordinal).ToList();
        if (found.Count > Limits.VersionProbesMax) return [$"{ProbeRules.Folder}: expected at most {Limits.VersionProbesMax} probes; came {found.Count}. Keep those that tell most."];
        var tooLarge = found.Where(f => f.Value.Length > Limits.VersionProbeBytesMax).Select(f => $"{ManifestText.Quote(f.Key)}: expected at most {Limits.VersionProbeBytesMax} bytes; came {f.Value.Length}. Send less in it.").ToList();
        if (tooLarge.Count > 0) return tooLarge;
        foreach (var (name, _) in found) files.Add((name, await verified.ReadAsync(name, cancellationToken)));
        return [];
    }

    /// <returns>What is wrong with their content.</returns>
    public IReadOnlyList<string> Check(ModelManifest manifest) => [.. files.Select(f => Error(manifest, f.Bytes) is { } error ? $"{f.Name}: {error}" : null).OfType<string>()];

    public IReadOnlyList<VariantProbe> Of(ModelManifest manifest) => [.. files.Select(f => new VariantProbe(f.Name, f.Bytes, reader!, manifest))];

    private string? Error(ModelManifest manifest, ReadOnlyMemory<byte> bytes)
    {
        if (reader!.Read(bytes, out var error) is not { } request) return error;
        foreach (var input in request.Inputs) input.Data.Release();
        return ProbeRules.Check(manifest, request.Expect);
    }
}
