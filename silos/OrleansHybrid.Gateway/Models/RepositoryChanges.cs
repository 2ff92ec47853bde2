using System.Globalization;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Gateway.Access;
using OrleansHybrid.Gateway.Failures;
using OrleansHybrid.Gateway.Infer;

namespace OrleansHybrid.Gateway.Models;

/// <summary>Loading and unloading, as REST and gRPC ask for it.</summary>
/// <remarks>Parameters: <c>version</c> (string or whole number) names a single version; <c>unload_dependents</c> is accepted, since no model depends on another here.</remarks>
internal sealed class RepositoryChanges(IModelRepository repository, IRepositoryJournal journal)
{
    public ValueTask<InferenceFailure?> LoadAsync(string model, int? version, ChangeAuthor author, CancellationToken cancellationToken) =>
        ChangeAsync(new RepositoryChange(true, model, version, author), repository.LoadAsync, cancellationToken);

    public ValueTask<InferenceFailure?> UnloadAsync(string model, int? version, ChangeAuthor author, CancellationToken cancellationToken) =>
        ChangeAsync(new RepositoryChange(false, model, version, author), repository.UnloadAsync, cancellationToken);

    private async ValueTask<InferenceFailure?> ChangeAsync(
        RepositoryChange change, Func<string, int?, CancellationToken, ValueTask<RepositoryOutcome>> make, CancellationToken cancellationToken)
    {
        if (await journal.BeginAsync(change, cancellationToken) is { } refused) return refused;
        var failure = (await make(change.Model, change.Version, cancellationToken)).Failure;
        if (failure is not null) await journal.FailedAsync(change, failure, cancellationToken);
        return failure;
    }

    /// <summary>Takes one parameter. Models and configuration in the request are refused: what runs here comes from verified folders.</summary>
    public static InferenceFailure? Set(ref int? version, string name, in ParameterValue value) => name switch
    {
        "version" => SetVersion(ref version, value),
        "config" => Bad.Input("Parameter config is not taken: a version's configuration is part of its folder. Change model.yaml and load again."),
        _ when name.StartsWith("file:", StringComparison.Ordinal) => Bad.Input("Files are not taken in a load request: a version is loaded from its verified folder."),
        _ => null,
    };

    private static InferenceFailure? SetVersion(ref int? version, in ParameterValue value)
    {
        if (version is not null) return Bad.Input("Parameter version is given twice.");
        var text = value.Kind == ParameterKind.Whole ? value.Whole.ToString(CultureInfo.InvariantCulture) : value.Text;
        if (string.IsNullOrEmpty(text)) return Bad.Input($"Parameter version must be a whole number from 1, as a number or a string; {value} came.");
        return ModelLookup.ParseVersion(text, out version);
    }
}
