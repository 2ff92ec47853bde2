namespace OrleansHybrid.Domain.Models;

/// <summary>What a manifest's rules know of the folder around it.</summary>
/// <param name="Model">The name of the model's folder.</param>
/// <param name="Version">The number that is the version's folder.</param>
/// <param name="FileBytes">Every file below the version's folder, by its name relative to it, and its size in bytes.</param>
/// <param name="Labels">The content of the label files that the manifest names and that exist.</param>
public sealed record ManifestFolder(
    string Model,
    int Version,
    IReadOnlyDictionary<string, long> FileBytes,
    IReadOnlyDictionary<string, LabelsFile> Labels)
{
    /// <summary>The vocabularies that the manifest names and that exist.</summary>
    public IReadOnlyDictionary<string, VocabularyFile> Vocabularies { get; init; } = new Dictionary<string, VocabularyFile>();
}

/// <summary>A file of labels: its lines, or why they cannot be read.</summary>
public sealed record LabelsFile(IReadOnlyList<string> Lines, string? Error);

/// <summary>A vocabulary: its bytes, or why they are none.</summary>
public sealed record VocabularyFile(ReadOnlyMemory<byte> Bytes, string? Error);
