using Microsoft.ML.OnnxRuntime;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Inference.Engine;

/// <summary>Runs a variant once before it counts as loaded, with zeros (BYTES: empty strings), free dimensions at 1.</summary>
/// <remarks>
/// What it decides:
/// <list type="bullet">
/// <item>Zeros need not be a legal input, so a warm-up that fails does not fail the load: it is noted, the first request pays for it, outputs are copied instead of written in place, and the first batch shows which dimension of an output counts the rows.</item>
/// <item>A variant that declares batching is run with several rows too. An output that does not follow the rows could only be handed out wrongly, so that load fails.</item>
/// </list>
/// </remarks>
internal sealed class WarmUp(VariantModel model, TensorPool pool, Action<string>? note)
{
    private const int ProbeRows = 3;

    /// <returns>Null, or why the variant must not be served.</returns>
    public string? Run(BatchingSettings batching, CancellationToken cancellationToken)
    {
        var batched = batching.MaxBatchSize > 1;
        if (batched && model.InputAxes.All(a => a < 0)) return $"Batching is declared (max_batch_size {batching.MaxBatchSize}), but no input has a free dimension. Set it to 0, or free the batch dimension.";
        if (model.Inputs.Any(i => i.Shape.Dims.Contains(-1) && model.UnknownRank.Contains(i.Name)) || TooLarge()) return Skip("its inputs are too large or state no shape");
        if (TryShapes(1, cancellationToken, out var error) is not { } one) return Skip(error);
        if (!batched || !model.MayJoin)
        {
            if (model.InputAxes.All(a => a < 0)) Learn(one);
            return null;
        }

        var rows = Math.Min(ProbeRows, batching.MaxBatchSize);
        if (TryShapes(rows, cancellationToken, out error) is not { } several) return $"Batching is declared (max_batch_size {batching.MaxBatchSize}), but the graph does not take {rows} rows: {error} Set it to 0, or free the batch dimension.";
        return LearnAxes(one, several, rows);
    }

    private string? Skip(string error)
    {
        note?.Invoke($"The variant was loaded without a warm-up: {error}");
        return null;
    }

    private string? LearnAxes(TensorShape[] one, TensorShape[] several, int rows)
    {
        var axes = new int[one.Length];
        for (var i = 0; i < axes.Length; i++)
        {
            axes[i] = BatchAxes.Find(one[i], 1, several[i], rows);
            if (axes[i] < 0) return $"Batching is declared, but output '{model.Outputs[i].Name}' has shape {one[i]} for one row and {several[i]} for {rows}: it does not follow the rows. Set max_batch_size to 0.";
        }

        model.OutputAxes = axes;
        if (model.Inputs.All(i => i.Shape.Dims.Count(-1) <= 1)) Learn(one);
        return null;
    }

    /// <summary>Outputs keep the shapes they had when the graph says so of every dimension but the batch's.</summary>
    private void Learn(TensorShape[] seen)
    {
        for (var i = 0; i < seen.Length; i++)
        {
            var spec = model.Outputs[i];
            if (spec.DataType == TensorDataType.Bytes || model.UnknownRank.Contains(spec.Name) || seen[i].ElementCount is not > 0 || !Keeps(spec.Shape, seen[i], model.OutputAxes?[i] ?? -1)) return;
        }

        model.KnownOutputs = seen;
    }

    private static bool Keeps(TensorShape stated, TensorShape seen, int axis)
    {
        if (stated.Rank != seen.Rank) return false;
        for (var i = 0; i < seen.Rank; i++)
        {
            if (i != axis && stated[i] != seen[i]) return false;
        }

        return true;
    }

    private TensorShape[]? TryShapes(int rows, CancellationToken cancellationToken, out string error)
    {
        error = "";
        try
        {
            return Shapes(rows, cancellationToken);
        }
        catch (Exception failure)
        {
            cancellationToken.ThrowIfCancellationRequested();
            error = RunErrors.OfRun(failure).Message;
            return null;
        }
    }

    private TensorShape[] Shapes(int rows, CancellationToken cancellationToken)
    {
        using var options = new RunOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        using var cancelled = cancellationToken.UnsafeRegister(static state => ((RunOptions)state!).Terminate = true, options);
        var leases = new List<TensorLease>();
        var inputs = new List<OrtValue>();
        try
        {
            for (var i = 0; i < model.Inputs.Count; i++) inputs.Add(Zeros(model.Inputs[i], Dims(i, rows), leases));
            using var outputs = model.Session.Run(options, model.InputNames, inputs, model.OutputNames);
            return [.. outputs.Select((value, i) => TensorBinding.Shape(value, model.Outputs[i]))];
        }
        finally
        {
            foreach (var input in inputs) input.Dispose();
            foreach (var lease in leases) lease.Release();
        }
    }

    private OrtValue Zeros(TensorSpec spec, TensorShape shape, List<TensorLease> leases)
    {
        var elements = (int)shape.ElementCount!.Value;
        var lease = pool.Rent(elements * Math.Max(spec.DataType.ElementBytes(), sizeof(int)));
        leases.Add(lease);
        lease.Span.Clear();
        return TensorBinding.Bind(spec.DataType, shape, lease);
    }

    private TensorShape Dims(int input, int rows)
    {
        var dims = model.Inputs[input].Shape.ToArray();
        for (var i = 0; i < dims.Length; i++)
        {
            if (dims[i] == -1) dims[i] = i == model.InputAxes[input] ? rows : 1;
        }

        return new TensorShape(dims);
    }

    private bool TooLarge() => Enumerable.Range(0, model.Inputs.Count)
        .Any(i => Dims(i, ProbeRows).ElementCount is not { } count || count > Limits.WarmUpTensorBytesMax / sizeof(double));
}
