using System.Globalization;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Gateway.Failures;

namespace OrleansHybrid.Gateway.Models;

/// <summary>Finds models and versions in the repository's current state, with the failures that every route shares.</summary>
internal sealed class ModelLookup(IModelRepository repository)
{
    public RepositoryState State => repository.State;

    /// <summary>The version of a URL or message: none, or a whole number from 1.</summary>
    public static InferenceFailure? ParseVersion(string? text, out int? version)
    {
        version = null;
        if (string.IsNullOrEmpty(text)) return null;
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1) return Bad.Input("A model's version must be a whole number from 1, or absent for the default version.");
        version = number;
        return null;
    }

    /// <summary>A model of the repository, whatever its state.</summary>
    public InferenceFailure? FindModel(string model, out ModelEntry entry) =>
        State.Models.TryGetValue(model, out entry!) ? null : NoModel(model, State.Models.Keys);

    /// <summary>The version asked for, or the default: the highest ready one, else the highest of all.</summary>
    public InferenceFailure? FindVersion(string model, int? version, out ModelEntry entry, out VersionEntry found)
    {
        found = null!;
        if (FindModel(model, out entry) is { } unknown) return unknown;
        found = (version is { } number ? entry.Find(number) : entry.Default ?? entry.Versions.LastOrDefault())!;
        return found is null ? NoVersion(model, version, entry) : null;
    }

    /// <summary>What the version takes; fails for a version whose manifest could not be read.</summary>
    public InferenceFailure? FindInputs(string model, int? version, out IReadOnlyList<TensorSpec> inputs)
    {
        inputs = [];
        if (FindVersion(model, version, out _, out var found) is { } failure) return failure;
        if (found.Manifest is null) return NotReady(model, found.Version);
        inputs = found.Inputs;
        return null;
    }

    /// <summary>Class names of an output, or none.</summary>
    public IReadOnlyList<string> Labels(string model, int version, string output)
    {
        if (!State.Models.TryGetValue(model, out var entry) || entry.Find(version) is not { } found) return [];
        return found.Outputs.FirstOrDefault(o => o.Name == output)?.Labels ?? [];
    }

    public bool IsKnown(string model) => State.Models.ContainsKey(model);

    public static InferenceFailure NotReady(string model, int version) => new(
        FailureCode.ModelNotReady,
        $"Version {version} of model '{Shown(model)}' is not ready; /v2/repository/index says why.",
        TimeSpan.FromSeconds(1));

    private static InferenceFailure NoModel(string model, IEnumerable<string> known) => new(
        FailureCode.ModelNotFound,
        Spelling.Nearest(model, known) is { } near
            ? $"Model '{Shown(model)}' was not found. Did you mean '{near}'?"
            : $"Model '{Shown(model)}' was not found; POST /v2/repository/index lists what is there.");

    private static InferenceFailure NoVersion(string model, int? version, ModelEntry entry) => new(
        FailureCode.VersionNotFound,
        entry.Versions.Count == 0
            ? $"Model '{Shown(model)}' has no versions."
            : $"Model '{Shown(model)}' has no version {version}; it has {string.Join(", ", entry.Versions.Select(v => v.Version))}.");

    private static string Shown(string model) => model.Length <= Limits.NameCharsMax ? model : model[..Limits.NameCharsMax];
}
