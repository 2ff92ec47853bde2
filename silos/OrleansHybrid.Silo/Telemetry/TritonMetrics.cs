using System.Diagnostics.Metrics;
using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Silo.Telemetry;

/// <summary>Triton's figures under Triton's names and labels, read from the engine's totals at each scrape: dashboards made for Triton work unchanged.</summary>
/// <remarks>A version's variants count together, since Triton has no variants; a classifier answers nobody and does not count. Times are microseconds.
/// They are exported with the type gauge: the exporter puts <c>_total</c> behind the name of every counter, in OpenMetrics always, and Triton's names have none. They only grow.</remarks>
internal sealed class TritonMetrics
{
    private readonly IInferenceEngine engine;

    public TritonMetrics(IMeterFactory meters, IInferenceEngine engine)
    {
        this.engine = engine;
        var meter = meters.Create(BoxMetrics.MeterName);
        Count(meter, "nv_inference_request_success", "Number of successful inference requests, all batch sizes", s => s.Successes);
        meter.CreateObservableUpDownCounter("nv_inference_request_failure", Failures, null, "Number of failed inference requests, all batch sizes");
        Count(meter, "nv_inference_count", "Number of inferences performed (does not include cached requests)", s => s.Rows);
        Count(meter, "nv_inference_exec_count", "Number of model executions performed (does not include cached requests)", s => s.Executions);
        meter.CreateObservableGauge("nv_inference_pending_request_count", () => Sum(s => s.Waiting), null, "Instantaneous number of pending requests awaiting execution per-model.");
        Count(meter, "nv_inference_request_duration_us", "Cumulative inference request duration in microseconds (includes cached requests)", s => Us(s.SuccessTime));
        Count(meter, "nv_inference_queue_duration_us", "Cumulative inference queuing duration in microseconds (includes cached requests)", s => Us(s.QueueTime));
        Count(meter, "nv_inference_compute_input_duration_us", "Cumulative compute input duration in microseconds (does not include cached requests)", s => Us(s.ComputeInputTime));
        Count(meter, "nv_inference_compute_infer_duration_us", "Cumulative compute inference duration in microseconds (does not include cached requests)", s => Us(s.ComputeTime));
        Count(meter, "nv_inference_compute_output_duration_us", "Cumulative inference compute output duration in microseconds (does not include cached requests)", s => Us(s.ComputeOutputTime));
        meter.CreateObservableGauge("nv_model_load_duration_secs", LoadTimes, null, "Model load time in seconds");
    }

    private static long Us(TimeSpan time) => (long)time.TotalMicroseconds;

    private void Count(Meter meter, string name, string description, Func<VariantStatistics, long> figure) =>
        meter.CreateObservableUpDownCounter(name, () => Sum(figure), null, description);

    private IEnumerable<Measurement<long>> Sum(Func<VariantStatistics, long> figure) =>
        Versions().Select(v => new Measurement<long>(v.Sum(s => figure(s.Statistics)), Labels(v.Key)));

    private IEnumerable<Measurement<double>> LoadTimes() =>
        Versions().Select(v => new Measurement<double>(v.Sum(s => s.Loaded.LoadTime.TotalSeconds), Labels(v.Key)));

    /// <summary>Triton splits failures by reason.</summary>
    private IEnumerable<Measurement<long>> Failures()
    {
        foreach (var version in Versions())
        {
            yield return new(version.Sum(s => s.Statistics.Failures), [.. Labels(version.Key), new("reason", "BACKEND")]);
            yield return new(version.Sum(s => s.Statistics.Rejected), [.. Labels(version.Key), new("reason", "REJECTED")]);
            yield return new(version.Sum(s => s.Statistics.Cancelled), [.. Labels(version.Key), new("reason", "CANCELED")]);
        }
    }

    private IEnumerable<IGrouping<ModelVersionKey, VariantState>> Versions() =>
        engine.State.Variants.Values.Where(v => !v.Loaded.Key.IsClassifier).GroupBy(v => v.Loaded.Key.ModelVersion);

    private static KeyValuePair<string, object?>[] Labels(ModelVersionKey key) =>
        [new("model", key.Model), new("version", VersionTexts.Of(key.Version))];
}
