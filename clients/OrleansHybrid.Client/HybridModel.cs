using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Routing;

namespace OrleansHybrid.Client;

/// <summary>One model, to be asked. Cheap; holds nothing.</summary>
public sealed class HybridModel
{
    private static readonly IReadOnlyDictionary<string, double> NoSignals = new Dictionary<string, double>(0);
    private readonly HybridClient client;

    internal HybridModel(HybridClient client, string name) => (this.client, Name) = (client, name);

    public string Name { get; }

    /// <summary>The version that a request gets: the one named, else the highest ready one. Null when it is not there or could not be read.</summary>
    public ModelManifest? Manifest(int? version = null)
    {
        var entry = client.Models.State.Models.GetValueOrDefault(Name);
        return (version is { } number ? entry?.Find(number) : entry?.Default)?.Manifest;
    }

    /// <summary>Asks. The input is checked against the manifest and copied before anything is awaited, so that the caller may reuse its memory at once.</summary>
    /// <returns>An answer, or a failure as one: dispose it.</returns>
    public ValueTask<HybridAnswer> InferAsync(ModelInput input, InferOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        options ??= InferOptions.Default;
        if (InferOptionsRules.Check(options) is { } wrong) return ValueTask.FromResult(Fail(wrong));
        if (Manifest(options.Version) is not { } manifest) return RunAsync(null, InputBinding.Of(), options, cancellationToken); // The planner says what is missing.
        var bound = input.Bind(manifest, client.Pool);
        return bound.Failure is { } misfit ? ValueTask.FromResult(Fail(misfit)) : RunAsync(manifest, bound, options, cancellationToken);
    }

    /// <summary>The plan that a call with these options would follow now, without running it.</summary>
    /// <param name="inputBytes">Bytes of raw tensor data.</param>
    /// <param name="assume">A state to assume, for example <c>cloud</c>: <c>down</c>, or <c>battery_percent</c>: <c>10</c>.</param>
    /// <param name="signals">Signals to assume, for example <c>hard</c>: 0.9.</param>
    public async ValueTask<HybridPlan> ExplainAsync(
        InferOptions? options = null,
        long inputBytes = 0,
        IReadOnlyDictionary<string, string>? assume = null,
        IReadOnlyDictionary<string, double>? signals = null,
        CancellationToken cancellationToken = default)
    {
        options ??= InferOptions.Default;
        if (InferOptionsRules.Check(options) is { } wrong) return new HybridPlan(null, wrong);
        var request = new ExplainRequest(Name, options.Version, options.ToParameters(client.Options.DefaultMode), Caller.Anonymous, inputBytes, signals ?? NoSignals, assume ?? RouteParameters.NoTags);
        var result = await client.ExplainAsync(request, cancellationToken).ConfigureAwait(false);
        return new HybridPlan(result.PlanJson, result.Failure);
    }

    private async ValueTask<HybridAnswer> RunAsync(ModelManifest? manifest, InputBinding bound, InferOptions options, CancellationToken cancellationToken)
    {
        try
        {
            var request = new InferenceRequest(
                options.RequestId ?? client.NextRequestId(), Name, options.Version, bound.Tensors!, options.Outputs,
                options.ToParameters(client.Options.DefaultMode), Caller.Anonymous, options.Deadline, options.Priority);
            var result = await client.InferAsync(request, cancellationToken).ConfigureAwait(false);
            var kept = options.Defer && result.Failure is { } failure ? client.Deferred.Keep(request, failure, options.TopLabels) : null;
            return new HybridAnswer(result, manifest, options.TopLabels, kept);
        }
        finally
        {
            foreach (var tensor in bound.Tensors!) tensor.Data.Release();
        }
    }

    private static HybridAnswer Fail(InferenceFailure failure) => new(InferenceResult.Of(failure), null, 0);
}

/// <summary>What a call would do and why, or why that cannot be said: exactly one of the two is set.</summary>
/// <param name="Json">The plan in the form of <c>plan_version</c> 1.</param>
public sealed record HybridPlan(string? Json, InferenceFailure? Failure)
{
    /// <summary>One sentence a zone, then one an attempt.</summary>
    public IReadOnlyList<string> Sentences => PlanSentences.Read(Json);

    public override string ToString() => Failure is null ? string.Join('\n', Sentences) : $"no plan: {Failure.Message} ({Failure.Code})";
}
