using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Client;

/// <summary>Times variants on this machine, on inputs of zeros, and replaces one that is too slow while its version has another.</summary>
internal sealed class VariantTiming(HybridClientOptions options, IInferenceEngine engine, IModelRepository repository, DeviceVariants variants, TensorPool pool)
{
    public async Task ReplaceSlowAsync(CancellationToken cancellationToken)
    {
        if (options.VariantLatencyMax == TimeSpan.Zero) return;
        foreach (var model in repository.State.Models.Values)
        {
            foreach (var version in model.Versions) await ReplaceSlowAsync(model.Name, version.Version, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task ReplaceSlowAsync(string model, int version, CancellationToken cancellationToken)
    {
        for (var tried = 0; tried < Limits.VariantsPerVersionMax; tried++)
        {
            if (repository.State.Models.GetValueOrDefault(model)?.Find(version) is not { Manifest: { } manifest, Loaded: [var loaded] }) return;
            if (await MedianAsync(loaded, cancellationToken).ConfigureAwait(false) is not { } median || median <= options.VariantLatencyMax) return;
            if (!variants.RuleOut(loaded.Key, manifest.Variants))
            {
                options.Note(FormattableString.Invariant($"{loaded.Key} takes {median.TotalMilliseconds:0.0} ms here, more than {options.VariantLatencyMax.TotalMilliseconds:0.0} ms; no other variant fits, so it stays."));
                return;
            }

            options.Note(FormattableString.Invariant($"{loaded.Key} takes {median.TotalMilliseconds:0.0} ms here, more than {options.VariantLatencyMax.TotalMilliseconds:0.0} ms; the next variant is tried."));
            await repository.LoadAsync(model, version, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Null when a run fails: then its callers will be told.</summary>
    private async ValueTask<TimeSpan?> MedianAsync(LoadedVariant variant, CancellationToken cancellationToken)
    {
        var inputs = variant.Inputs.Select(Zeros).ToArray();
        try
        {
            var times = new List<TimeSpan>();
            for (var i = 0; i < Limits.VariantTimingRuns; i++)
            {
                var outcome = await engine.RunAsync(new EngineRequest(variant.Key, inputs, [], Limits.DeadlineMax), cancellationToken).ConfigureAwait(false);
                foreach (var output in outcome.Outputs) output.Data.Release();
                if (outcome.Failure is not null) return null;
                times.Add(outcome.Times.Compute);
            }

            return times.Order().ElementAt(times.Count / 2);
        }
        finally
        {
            foreach (var input in inputs) input.Data.Release();
        }
    }

    private Tensor Zeros(TensorSpec spec)
    {
        var shape = new TensorShape([.. spec.Shape.ToArray().Select(d => d < 0 ? 1 : d)]);
        var elements = shape.ElementCount ?? 1;
        var lease = pool.Rent((int)(elements * Math.Max(spec.DataType.ElementBytes(), spec.DataType == TensorDataType.Bytes ? sizeof(int) : 1)));
        lease.Span.Clear();
        return new Tensor(spec.Name, spec.DataType, shape, lease);
    }
}
