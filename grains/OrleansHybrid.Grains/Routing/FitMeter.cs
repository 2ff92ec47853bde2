using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Domain.Routing.Fit;
using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Grains.Routing;

/// <summary>Finds out what a fit worksheet can know from this silo: its variants' times, its host, its links.</summary>
/// <remarks>
/// Variants that the engine holds are run on made-up input at the lowest priority, at most <see cref="Limits.FitRunsMax"/> times and <see cref="Limits.FitRunTimeMax"/> each.
/// Where requests of the last minute are as many, their p95 counts instead: it is what the planner uses.
/// </remarks>
public sealed class FitMeter(IInferenceEngine engine, ISnapshotSource snapshots, TensorPool pool, TimeProvider clock)
{
    private const double BytesPerMib = 1 << 20;
    private const double P50 = 0.5, P95 = 0.95;

    /// <param name="inputBytes">Of one request, as the feature expects it.</param>
    public async ValueTask<FitFigures> MeasureAsync(ModelManifest manifest, int? inputBytes, CancellationToken cancellationToken)
    {
        var inputs = snapshots.Current.Inputs;
        var runs = new Dictionary<string, RunFigures>();
        foreach (var (key, state) in engine.State.Variants)
        {
            if (key.ModelVersion != manifest.Key) continue;
            if (await TimeAsync(state.Loaded, inputBytes, inputs.Local.GetValueOrDefault(key), cancellationToken) is { } timed) runs[key.Variant] = timed;
        }

        return new FitFigures(
            manifest,
            inputs.Zone,
            runs,
            inputs.MemoryBytes > 0 ? Figure.Measured(inputs.MemoryBytes / BytesPerMib) : default,
            Figure.Measured(Environment.ProcessorCount),
            inputs.Upstreams.Where(u => u.Samples > 0).GroupBy(u => u.Zone).ToDictionary(g => g.Key, g => g.Min(u => u.RoundTripMsP95)));
    }

    private async ValueTask<RunFigures?> TimeAsync(LoadedVariant loaded, int? inputBytes, VariantLoad live, CancellationToken cancellationToken)
    {
        var times = await RunAsync(loaded, inputBytes, cancellationToken);
        var isLive = live.Samples >= Limits.FitRunsMax;
        if (times.Count == 0 && !isLive) return null;
        times.Sort();
        return new RunFigures(
            times.Count > 0 ? At(times, P50) : live.RunMsP95,
            isLive ? live.RunMsP95 : At(times, P95),
            isLive ? (int)Math.Min(live.Samples, int.MaxValue) : times.Count,
            isLive,
            (loaded.LoadTime + loaded.WarmUpTime).TotalMilliseconds);
    }

    /// <summary>Milliseconds of each run but the first, which may still warm something up. Empty when the model takes no made-up input.</summary>
    private async ValueTask<List<double>> RunAsync(LoadedVariant loaded, int? inputBytes, CancellationToken cancellationToken)
    {
        var times = new List<double>();
        if (SyntheticInput.Make(loaded.Inputs, inputBytes, pool) is not { } input) return times;
        try
        {
            var started = clock.GetTimestamp();
            for (var run = 0; run <= Limits.FitRunsMax; run++)
            {
                var left = Limits.FitRunTimeMax - clock.GetElapsedTime(started);
                if (left <= TimeSpan.Zero) break;
                var outcome = await engine.RunAsync(new EngineRequest(loaded.Key, input, [], left, Limits.PriorityLevels), cancellationToken);
                foreach (var output in outcome.Outputs) output.Data.Release();
                if (outcome.Failure is not null) break;
                if (run > 0) times.Add((outcome.Times.ComputeInput + outcome.Times.Compute + outcome.Times.ComputeOutput).TotalMilliseconds);
            }
        }
        finally
        {
            foreach (var tensor in input) tensor.Data.Release();
        }

        return times;
    }

    /// <summary>Nearest rank.</summary>
    private static double At(List<double> sorted, double quantile) => sorted[Math.Max(0, (int)Math.Ceiling(quantile * sorted.Count) - 1)];
}
