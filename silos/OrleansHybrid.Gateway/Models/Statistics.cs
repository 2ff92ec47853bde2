using System.Text.Json;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Links.Protocol;

namespace OrleansHybrid.Gateway.Models;

/// <summary>Triton's statistics of the versions that this host's engine holds; variants of a version are added up.</summary>
internal sealed class Statistics(IInferenceEngine engine, ModelLookup models)
{
    /// <param name="model">Empty: every model.</param>
    public InferenceFailure? Read(string model, int? version, out List<ModelStatistics> rows)
    {
        rows = [];
        if (model.Length == 0)
        {
            foreach (var entry in models.State.Models.Values.OrderBy(m => m.Name, StringComparer.Ordinal)) AddReady(entry, rows);
            return null;
        }

        if (version is null)
        {
            if (models.FindModel(model, out var entry) is { } unknown) return unknown;
            AddReady(entry, rows);
            return null;
        }

        if (models.FindVersion(model, version, out _, out _) is { } failure) return failure;
        rows.Add(Row(model, version.Value));
        return null;
    }

    public static void Write(Utf8JsonWriter json, IEnumerable<ModelStatistics> rows)
    {
        json.WriteStartObject();
        json.WriteStartArray("model_stats");
        foreach (var row in rows) WriteRow(json, row);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void AddReady(ModelEntry entry, List<ModelStatistics> rows)
    {
        foreach (var version in entry.Versions)
        {
            if (version.State == VersionState.Ready) rows.Add(Row(entry.Name, version.Version));
        }
    }

    private ModelStatistics Row(string model, int version)
    {
        var row = new ModelStatistics
        {
            Name = model,
            Version = version.ToString(System.Globalization.CultureInfo.InvariantCulture),
            InferenceStats = new InferStatistics
            {
                Success = new(), Fail = new(), Queue = new(), ComputeInput = new(), ComputeInfer = new(), ComputeOutput = new(), CacheHit = new(), CacheMiss = new(),
            },
        };
        var batches = new SortedDictionary<int, InferBatchStatistics>();
        foreach (var (key, variant) in engine.State.Variants)
        {
            if (key.Model == model && key.Version == version && !key.IsClassifier) AddVariant(row, batches, variant.Statistics);
        }

        row.BatchStats.AddRange(batches.Values);
        return row;
    }

    private static void AddVariant(ModelStatistics row, SortedDictionary<int, InferBatchStatistics> batches, VariantStatistics figures)
    {
        row.LastInference = Math.Max(row.LastInference, (ulong)figures.LastInferenceUnixMs);
        row.InferenceCount += (ulong)figures.Rows;
        row.ExecutionCount += (ulong)figures.Executions;
        var to = row.InferenceStats;
        Add(to.Success, figures.Successes, Ns(figures.SuccessTime));
        Add(to.Fail, figures.Failures, Ns(figures.FailureTime));
        Add(to.Queue, figures.Successes, Ns(figures.QueueTime));
        Add(to.ComputeInput, figures.Successes, Ns(figures.ComputeInputTime));
        Add(to.ComputeInfer, figures.Successes, Ns(figures.ComputeTime));
        Add(to.ComputeOutput, figures.Successes, Ns(figures.ComputeOutputTime));
        foreach (var (size, batch) in figures.Batches)
        {
            if (!batches.TryGetValue(size, out var sum)) batches[size] = sum = new InferBatchStatistics { BatchSize = (ulong)size, ComputeInput = new(), ComputeInfer = new(), ComputeOutput = new() };
            Add(sum.ComputeInput, batch.Count, batch.InputNs);
            Add(sum.ComputeInfer, batch.Count, batch.ComputeNs);
            Add(sum.ComputeOutput, batch.Count, batch.OutputNs);
        }
    }

    private static long Ns(TimeSpan time) => (long)(time.TotalMicroseconds * 1000);

    private static void Add(StatisticDuration to, long count, long ns)
    {
        to.Count += (ulong)count;
        to.Ns += (ulong)ns;
    }

    private static void WriteRow(Utf8JsonWriter json, ModelStatistics row)
    {
        json.WriteStartObject();
        json.WriteString("name", row.Name);
        json.WriteString("version", row.Version);
        json.WriteNumber("last_inference", row.LastInference);
        json.WriteNumber("inference_count", row.InferenceCount);
        json.WriteNumber("execution_count", row.ExecutionCount);
        json.WriteStartObject("inference_stats");
        var stats = row.InferenceStats;
        WriteDuration(json, "success", stats.Success);
        WriteDuration(json, "fail", stats.Fail);
        WriteDuration(json, "queue", stats.Queue);
        WriteDuration(json, "compute_input", stats.ComputeInput);
        WriteDuration(json, "compute_infer", stats.ComputeInfer);
        WriteDuration(json, "compute_output", stats.ComputeOutput);
        WriteDuration(json, "cache_hit", stats.CacheHit);
        WriteDuration(json, "cache_miss", stats.CacheMiss);
        json.WriteEndObject();
        json.WriteStartArray("batch_stats");
        foreach (var batch in row.BatchStats) WriteBatch(json, batch);
        json.WriteEndArray();
        json.WriteStartArray("memory_usage");
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteBatch(Utf8JsonWriter json, InferBatchStatistics batch)
    {
        json.WriteStartObject();
        json.WriteNumber("batch_size", batch.BatchSize);
        WriteDuration(json, "compute_input", batch.ComputeInput);
        WriteDuration(json, "compute_infer", batch.ComputeInfer);
        WriteDuration(json, "compute_output", batch.ComputeOutput);
        json.WriteEndObject();
    }

    private static void WriteDuration(Utf8JsonWriter json, string name, StatisticDuration duration)
    {
        json.WriteStartObject(name);
        json.WriteNumber("count", duration.Count);
        json.WriteNumber("ns", duration.Ns);
        json.WriteEndObject();
    }
}
