using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Yaml;

namespace OrleansHybrid.Inference.Repository;

/// <summary>One reading of one version: lists the folder, reads and checks the manifest, scans the graphs of the variant for this zone and of the classifier, hashes every file. One use.</summary>
/// <remarks>
/// Rules kept here: each file is read once, so what is digested is what is used; nothing is handed out while there is one error; every error of a stage is listed.
/// A stage that failed is the last one: folder, manifest, graph; the next would only repeat its errors.
/// </remarks>
/// <param name="signed">What the files must be; null when nothing was verified. Then some may not be here: other variants', say.</param>
internal sealed class VersionReading(ModelVersionKey key, VersionFolder folder, SignedFiles? signed, ChooseVariant choose, ScanGraph scan, SealedFolders sealedFolders, ProbesReading probes)
{
    public const string ManifestFile = "model.yaml";

    private readonly VersionFiles files = new(folder, signed);

    /// <summary>The private copy that was made, which whoever drops the result removes.</summary>
    public string? SealedFolder { get; private set; }

    public async Task<VersionRead> ReadAsync(CancellationToken cancellationToken)
    {
        if (folder.Files.ContainsKey(ManifestFile)) return await ReadDescribedAsync(cancellationToken);
        // Without this, who takes the manifest away takes its ceiling and its floor away with it.
        if (signed?.Digests.ContainsKey(ManifestFile) == true) return VersionRead.Failed([$"{BundleRefusal.MissingFile}: '{ManifestFile}' is in the signature and not in the folder. Put it back."]);
        if (folder.Files.ContainsKey(ManifestBuilder.PlainFile)) return await ReadPlainAsync(cancellationToken);
        return VersionRead.Failed([$"expected '{ManifestFile}' or '{ManifestBuilder.PlainFile}' in the version's folder; came neither. Put one there."]);
    }

    private async Task<VersionRead> ReadDescribedAsync(CancellationToken cancellationToken)
    {
        var errors = new ErrorList();
        if (TooLarge(ManifestFile, Limits.ManifestBytesMax) is { } tooLarge) return VersionRead.Failed([tooLarge]);
        var config = ManifestReader.Read(await files.ReadAsync(ManifestFile, cancellationToken), errors);
        var facts = await ReadFactsAsync(config, cancellationToken);
        foreach (var error in config is null ? [] : ManifestRules.Check(config, facts)) errors.Add(error);
        if (errors.Count > 0) return VersionRead.Failed(errors.Render(ManifestFile));

        var index = choose(key, config!.Variants);
        var (onnx, graph) = index < 0 ? (default, null) : await ReadGraphAsync(config.Variants[index].File!, cancellationToken);
        var (classifier, refusals) = await ReadClassifierAsync(config, cancellationToken);
        if (graph is { Refusals.Count: > 0 }) refusals = [.. Prefix(graph.Refusals, config.Variants[index].File!), .. refusals];
        if (refusals.Count == 0) refusals = await probes.ReadAsync(folder, files, cancellationToken);
        if (refusals.Count > 0) return VersionRead.Failed(refusals);
        var digest = await files.DigestVersionAsync(cancellationToken);
        var manifest = ManifestBuilder.Build(config, facts, files.Digests, digest);
        if (probes.Check(manifest) is { Count: > 0 } wrong) return VersionRead.Failed(wrong);
        if (index < 0) return new VersionRead(manifest, PlainFolder: false, null, []);
        return new VersionRead(manifest, PlainFolder: false, new VariantBytes(manifest.Variants[index], onnx, SealedFolder) { WordPiece = Step(manifest, facts), Probes = probes.Of(manifest) }, [])
        {
            Classifier = manifest.Variants[index].Zones.Any(ClassifierManifest.IsUsefulIn) ? classifier : null,
        };
    }

    /// <summary>Checked in every zone, so that a version is good in all of them or in none.</summary>
    private async Task<(ClassifierBytes? Classifier, IReadOnlyList<string> Errors)> ReadClassifierAsync(ManifestConfig config, CancellationToken cancellationToken)
    {
        if (config.Classifier is not { File: { } file, Output: { } output }) return (null, []);
        if (TooLarge(file, Limits.ClassifierFileBytesMax) is { } tooLarge) return (null, [tooLarge]);
        if (files.Digests.ContainsKey(file)) return (null, [$"{file}: it is named as another kind of file too"]);
        var onnx = await files.ReadAsync(file, cancellationToken);
        var graph = scan(onnx);
        if (graph.Refusals.Count > 0) return (null, Prefix(graph.Refusals, file));
        IReadOnlyList<TensorSpec> inputs = [.. config.Inputs.Select(i => new TensorSpec(i.Name!, i.DataType!.Value, i.Shape!.Value))];
        var errors = ClassifierGraphRules.Check(output, inputs, graph.Inputs, graph.Outputs, graph.ExternalFiles);
        if (errors.Count > 0) return (null, Prefix(errors, file));
        return (new ClassifierBytes(onnx, ClassifierGraphRules.InputsOf(inputs, graph.Inputs), graph.Outputs.First(o => o.Name == output)), []);
    }

    private static WordPieceToLoad? Step(ModelManifest manifest, ManifestFolder facts) =>
        manifest.Pre?.WordPiece is { } settings ? new WordPieceToLoad(settings, facts.Vocabularies[settings.Vocabulary].Bytes) : null;

    private async Task<VersionRead> ReadPlainAsync(CancellationToken cancellationToken)
    {
        var (onnx, graph) = await ReadGraphAsync(ManifestBuilder.PlainFile, cancellationToken);
        if (graph.Refusals.Count > 0) return VersionRead.Failed(Prefix(graph.Refusals, ManifestBuilder.PlainFile), plainFolder: true);
        var digest = await files.DigestVersionAsync(cancellationToken);
        var manifest = ManifestBuilder.BuildPlain(key, graph.Inputs, graph.Outputs, onnx.Length, files.Digests[ManifestBuilder.PlainFile], digest);
        return new VersionRead(manifest, PlainFolder: true, new VariantBytes(manifest.Variants[0], onnx, SealedFolder), []);
    }

    private async Task<ManifestFolder> ReadFactsAsync(ManifestConfig? config, CancellationToken cancellationToken)
    {
        var labels = new Dictionary<string, LabelsFile>(StringComparer.Ordinal);
        foreach (var name in config?.Outputs.Select(o => o.Labels).OfType<string>().Distinct().Where(folder.Files.ContainsKey) ?? [])
        {
            if (name == ManifestFile) labels[name] = new LabelsFile([], "it is the manifest");
            else if (TooLarge(name, Limits.LabelsFileBytesMax) is { } tooLarge) labels[name] = new LabelsFile([], tooLarge);
            else labels[name] = LabelsReader.Read(await files.ReadAsync(name, cancellationToken));
        }

        return new ManifestFolder(key.Model, key.Version, FileBytes(config), labels)
        {
            Vocabularies = await ReadVocabularyAsync(config?.Pre?.WordPiece?.Vocab, cancellationToken),
        };
    }

    /// <summary>What lies here, and the variants' files that are signed and not needed here.</summary>
    private Dictionary<string, long> FileBytes(ManifestConfig? config)
    {
        var bytes = folder.Files.ToDictionary(f => f.Key, f => f.Value.Length, StringComparer.Ordinal);
        foreach (var file in config?.Variants.Select(v => v.File).OfType<string>().Where(f => signed?.Digests.ContainsKey(f) == true) ?? []) bytes.TryAdd(file, signed!.SizeOf(file));
        return bytes;
    }

    private async Task<Dictionary<string, VocabularyFile>> ReadVocabularyAsync(string? name, CancellationToken cancellationToken)
    {
        if (name is null || !folder.Files.ContainsKey(name)) return [];
        if (files.Digests.ContainsKey(name)) return new() { [name] = new VocabularyFile(default, "it is named as another kind of file too") };
        if (TooLarge(name, Limits.VocabularyFileBytesMax) is { } tooLarge) return new() { [name] = new VocabularyFile(default, tooLarge) };
        return new() { [name] = VocabularyReader.Read(await files.ReadAsync(name, cancellationToken)) };
    }

    private async Task<(ReadOnlyMemory<byte> Onnx, GraphScan Graph)> ReadGraphAsync(string name, CancellationToken cancellationToken)
    {
        if (!folder.Files.ContainsKey(name)) return (default, GraphScan.Refused([$"{BundleRefusal.MissingFile}: the variant for this place is signed, and its file is not here. Have the version staged with it."]));
        if (TooLarge(name, Math.Min(Limits.ModelFileBytesMax, Array.MaxLength)) is { } tooLarge) return (default, GraphScan.Refused([tooLarge]));
        if (files.Digests.ContainsKey(name)) return (default, GraphScan.Refused(["it is named as another kind of file too"]));
        var onnx = await files.ReadAsync(name, cancellationToken);
        var graph = scan(onnx);
        if (graph.Refusals.Count > 0 || graph.ExternalFiles.Count == 0) return (onnx, graph);
        var wrong = graph.ExternalFiles.Where(f => !folder.Files.ContainsKey(f) || files.Digests.ContainsKey(f)).ToList();
        if (wrong.Count > 0) return (onnx, GraphScan.Refused([.. wrong.Select(f => $"expected its weights' file {ManifestText.Quote(f)} in the version's folder; it is not there, or is no file of weights. Put it beside the model.")]));
        await SealAsync(name, onnx, graph.ExternalFiles, cancellationToken);
        return (onnx, graph);
    }

    /// <summary>Writes the bytes that were scanned, and copies the weights while they are hashed: what the engine opens is what the digests say.</summary>
    private async Task SealAsync(string name, ReadOnlyMemory<byte> onnx, IReadOnlyList<string> externalFiles, CancellationToken cancellationToken)
    {
        SealedFolder = sealedFolders.Create(key);
        await using (var model = SealedFolders.CreateFile(SealedFolder, name)) await model.WriteAsync(onnx, cancellationToken);
        foreach (var file in externalFiles)
        {
            await using var copy = SealedFolders.CreateFile(SealedFolder, file);
            await files.CopyAsync(file, copy, cancellationToken);
        }
    }

    private string? TooLarge(string name, long bytesMax) => folder.Files[name].Length <= bytesMax
        ? null
        : string.Create(null, $"{ManifestText.Quote(name)}: expected at most {bytesMax} bytes; came {folder.Files[name].Length}. Make it smaller; a model can keep its weights in files of their own.");

    private static IReadOnlyList<string> Prefix(IReadOnlyList<string> errors, string file) => [.. errors.Select(e => $"{file}: {e}")];
}
