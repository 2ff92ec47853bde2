using OrleansHybrid.Domain.Privacy;

namespace OrleansHybrid.Domain.Models;

/// <summary>The rules of a manifest that compare values with each other and with the folder. Pure; lists every error, not the first.</summary>
/// <remarks>
/// Rules kept here and in the files beside this one:
/// <list type="bullet">
/// <item>Model and version are those of the folders, so that a copied folder cannot answer under another name.</item>
/// <item>Every file that is named exists. Names are unique among inputs, outputs and variants.</item>
/// <item>Labels are as many as the last dimension (<see cref="TensorRules"/>).</item>
/// <item>Confidence reads an output that holds probabilities; batching needs free first dimensions (<see cref="AnswerRules"/>).</item>
/// <item>The classifier's file is no variant's, and no variant has its name.</item>
/// <item>A pre-processing step has its vocabulary and takes one input of texts (<see cref="PreRules"/>).</item>
/// <item>The default ceiling lets raw input reach at least one variant.</item>
/// </list>
/// The reader has checked each value alone; whether the graph agrees is checked by the engine.
/// </remarks>
public static class ManifestRules
{
    public static IReadOnlyList<ManifestError> Check(ManifestConfig config, ManifestFolder folder)
    {
        var errors = new List<ManifestError>();
        CheckIdentity(config, folder, errors);
        TensorRules.Check(config.Inputs, "inputs", folder, errors);
        TensorRules.Check(config.Outputs, "outputs", folder, errors);
        AnswerRules.CheckConfidence(config, errors);
        AnswerRules.CheckBatching(config, errors);
        CheckVariants(config, folder, errors);
        CheckCeiling(config, errors);
        CheckClassifier(config, folder, errors);
        PreRules.Check(config, folder, errors);
        return errors;
    }

    /// <summary>Reports each name that came before, with where.</summary>
    internal static void CheckUnique(IReadOnlyList<string?> names, string list, List<ManifestError> errors)
    {
        var first = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i] is not { } name || first.TryAdd(name, i)) continue;
            errors.Add(new($"{list}[{i}].name", $"a name of its own in {list}", $"{ManifestText.Quote(name)}, which {list}[{first[name]}] has too", "Rename one of the two"));
        }
    }

    internal static void CheckFile(string? file, string path, ManifestFolder folder, List<ManifestError> errors)
    {
        if (file is null || folder.FileBytes.ContainsKey(file)) return;
        var there = folder.FileBytes.Keys.Where(f => Path.GetExtension(f) == Path.GetExtension(file)).Order(StringComparer.Ordinal).ToList();
        var remedy = Spelling.Nearest(file, there) is { } near ? $"Did you mean {ManifestText.Quote(near)}?" : "Put the file into the version's folder or correct the name";
        errors.Add(new(path, $"a file of the version's folder ({ManifestText.OneOf(there)})", $"{ManifestText.Quote(file)}, which is not there", remedy));
    }

    private static void CheckIdentity(ManifestConfig config, ManifestFolder folder, List<ManifestError> errors)
    {
        if (config.Model is { } model && model != folder.Model)
        {
            errors.Add(new("model", $"the name of the model's folder, {ManifestText.Quote(folder.Model)}", ManifestText.Quote(model), "Change the key, or rename the folder"));
        }

        if (config.Version is { } version && version != folder.Version)
        {
            errors.Add(new("version", $"the number of the version's folder, {folder.Version}", $"{version}", "Change the key, or rename the folder"));
        }
    }

    private static void CheckVariants(ManifestConfig config, ManifestFolder folder, List<ManifestError> errors)
    {
        CheckUnique([.. config.Variants.Select(v => v.Name)], "variants", errors);
        for (var i = 0; i < config.Variants.Count; i++)
        {
            CheckFile(config.Variants[i].File, $"variants[{i}].file", folder, errors);
            if (config.Variants[i].Name != ClassifierManifest.VariantName) continue;
            errors.Add(new($"variants[{i}].name", "a name other than that of a version's classifier", $"'{ClassifierManifest.VariantName}'", "Rename the variant"));
        }
    }

    private static void CheckClassifier(ManifestConfig config, ManifestFolder folder, List<ManifestError> errors)
    {
        if (config.Classifier?.File is not { } file) return;
        CheckFile(file, "classifier.file", folder, errors);
        if (config.Variants.FirstOrDefault(v => v.File == file) is not { } variant) return;
        errors.Add(new("classifier.file", "a file of its own", $"{ManifestText.Quote(file)}, which variant {ManifestText.Quote(variant.Name ?? "")} has too", "Name the classifier's file"));
    }

    private static void CheckCeiling(ManifestConfig config, List<ManifestError> errors)
    {
        if (config.Privacy is not { } ceiling || config.Variants.Count == 0) return;
        var zones = config.Variants.SelectMany(v => v.Zones).Distinct().Order().ToList();
        if (zones.Count == 0 || zones.Any(zone => ceiling.Permits(zone))) return;
        errors.Add(new(
            "privacy",
            "a ceiling under which at least one variant may see raw input",
            $"'{ceiling.WireName()}' with variants for {string.Join(", ", zones.Select(z => z.WireName()))} alone",
            $"Raise the ceiling, or add a variant for {((Zone)(int)ceiling).WireName()}"));
    }
}
