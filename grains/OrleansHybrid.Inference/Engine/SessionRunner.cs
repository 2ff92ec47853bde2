using Microsoft.ML.OnnxRuntime;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Inference.Engine;

/// <summary>Runs the session for one request, or for several as one batch. Throws what ONNX Runtime throws; leaves no lease behind then.</summary>
internal sealed class SessionRunner(VariantModel model, TensorPool pool, TimeProvider clock)
{
    private readonly PartsRunner partsRunner = new(model, pool, clock);

    /// <summary>Inputs are bound where they lie. Outputs are written straight into leases when their shapes are known, else copied.</summary>
    public Tensor[] Alone(PendingRun run, RunOptions options, ref RunTimes times)
    {
        if (run.Parts is { } parts) return partsRunner.Run(run, parts, Names(run), options, ref times);
        var start = clock.GetTimestamp();
        var inputs = new OrtValue[run.Inputs.Length];
        try
        {
            for (var i = 0; i < inputs.Length; i++) inputs[i] = TensorBinding.Bind(run.Inputs[i].DataType, run.Inputs[i].Shape, run.Inputs[i].Data);
            times.Input = Lap(ref start);
            return Known(run) is { } shapes ? RunInto(shapes, run, inputs, options, ref times) : RunAndCopy(run, inputs, options, ref times);
        }
        finally
        {
            Release(inputs);
        }
    }

    /// <summary>Answers per member, in their order; each member gets the outputs it asked for.</summary>
    public Tensor[][] Together(IReadOnlyList<PendingRun> members, int rows, RunOptions options, ref RunTimes times)
    {
        var start = clock.GetTimestamp();
        var axes = model.OutputAxes;
        var seenAlone = axes is null ? ShapesAlone(members[0], options) : [];
        var joined = new List<Tensor>(model.Inputs.Count);
        var inputs = new OrtValue[model.Inputs.Count];
        try
        {
            for (var i = 0; i < inputs.Length; i++) inputs[i] = BindJoined(members, i, joined);
            times.Input = Lap(ref start);
            using var outputs = model.Session.Run(options, model.InputNames, inputs, model.OutputNames);
            times.Compute = Lap(ref start);
            axes ??= LearnAxes(outputs, seenAlone, members[0].Rows, rows);
            var answers = BatchSplit.Split(model, axes, outputs, members, pool);
            times.Output = Lap(ref start);
            return answers;
        }
        finally
        {
            Release(inputs);
            foreach (var tensor in joined) tensor.Data.Release();
        }
    }

    private TensorShape[] ShapesAlone(PendingRun run, RunOptions options)
    {
        var inputs = new OrtValue[run.Inputs.Length];
        try
        {
            for (var i = 0; i < inputs.Length; i++) inputs[i] = TensorBinding.Bind(run.Inputs[i].DataType, run.Inputs[i].Shape, run.Inputs[i].Data);
            using var outputs = model.Session.Run(options, model.InputNames, inputs, model.OutputNames);
            return [.. outputs.Select((value, i) => TensorBinding.Shape(value, model.Outputs[i]))];
        }
        finally
        {
            Release(inputs);
        }
    }

    private int[] LearnAxes(IReadOnlyList<OrtValue> outputs, TensorShape[] alone, int aloneRows, int rows)
    {
        var axes = outputs.Select((value, i) => BatchAxes.Find(alone[i], aloneRows, TensorBinding.Shape(value, model.Outputs[i]), rows)).ToArray();
        model.MayJoin = !axes.Contains(-1);
        if (!model.MayJoin) throw new RunFailedException($"output '{model.Outputs[Array.IndexOf(axes, -1)].Name}' does not follow the rows of a batch");
        return model.OutputAxes = axes;
    }

    private OrtValue BindJoined(IReadOnlyList<PendingRun> members, int input, List<Tensor> joined)
    {
        var axis = model.InputAxes[input];
        if (axis < 0) return TensorBinding.Bind(model.Inputs[input].DataType, members[0].Inputs[input].Shape, members[0].Inputs[input].Data);
        var tensor = BatchCopy.Join(members, input, axis, pool);
        joined.Add(tensor);
        return TensorBinding.Bind(tensor.DataType, tensor.Shape, tensor.Data);
    }

    private Tensor[] RunAndCopy(PendingRun run, OrtValue[] inputs, RunOptions options, ref RunTimes times)
    {
        var start = clock.GetTimestamp();
        using var values = model.Session.Run(options, model.InputNames, inputs, Names(run));
        times.Compute = Lap(ref start);
        var tensors = new Tensor[run.Outputs.Length];
        try
        {
            for (var i = 0; i < tensors.Length; i++) tensors[i] = TensorBinding.Copy(values[i], model.Outputs[run.Outputs[i]], pool);
        }
        catch
        {
            Release(tensors);
            throw;
        }

        times.Output = Lap(ref start);
        return tensors;
    }

    private Tensor[] RunInto(TensorShape[] shapes, PendingRun run, OrtValue[] inputs, RunOptions options, ref RunTimes times)
    {
        var start = clock.GetTimestamp();
        var tensors = new Tensor[run.Outputs.Length];
        var values = new OrtValue[tensors.Length];
        try
        {
            for (var i = 0; i < tensors.Length; i++) values[i] = Rent(model.Outputs[run.Outputs[i]], shapes[run.Outputs[i]], out tensors[i]);
            times.Output = Lap(ref start);
            model.Session.Run(options, model.InputNames, inputs, Names(run), values);
            times.Compute = Lap(ref start);
            return tensors;
        }
        catch
        {
            Release(tensors);
            throw;
        }
        finally
        {
            Release(values);
        }
    }

    private OrtValue Rent(TensorSpec spec, TensorShape shape, out Tensor tensor)
    {
        var lease = pool.Rent(checked((int)(shape.ElementCount!.Value * spec.DataType.ElementBytes())));
        tensor = new Tensor(spec.Name, spec.DataType, shape, lease);
        return TensorBinding.Bind(spec.DataType, shape, lease);
    }

    /// <summary>The shapes of this run's outputs, or null when they are not known before.</summary>
    private TensorShape[]? Known(PendingRun run)
    {
        if (model.KnownOutputs is not { } known || run.Rows == 0) return null;
        if (run.Rows == 1) return known;
        var shapes = new TensorShape[known.Length];
        for (var i = 0; i < shapes.Length; i++)
        {
            var dims = known[i].ToArray();
            if (model.OutputAxes is { } axes) dims[axes[i]] = run.Rows;
            shapes[i] = new TensorShape(dims);
        }

        return shapes;
    }

    private string[] Names(PendingRun run) => run.Outputs.Length == model.OutputNames.Length && IsOrdered(run.Outputs)
        ? model.OutputNames
        : [.. run.Outputs.Select(o => model.OutputNames[o])];

    private static bool IsOrdered(int[] outputs)
    {
        for (var i = 0; i < outputs.Length; i++)
        {
            if (outputs[i] != i) return false;
        }

        return true;
    }

    private TimeSpan Lap(ref long start)
    {
        var now = clock.GetTimestamp();
        var elapsed = clock.GetElapsedTime(start, now);
        start = now;
        return elapsed;
    }

    private static void Release(OrtValue?[] values)
    {
        foreach (var value in values) value?.Dispose();
    }

    private static void Release(Tensor?[] tensors)
    {
        foreach (var tensor in tensors) tensor?.Data.Release();
    }
}

/// <summary>Where one run's time went.</summary>
internal struct RunTimes
{
    public TimeSpan Input, Compute, Output;

    public readonly EngineTimes With(TimeSpan queue, int batch, int own) => new(queue, Input, Compute, Output, batch, own);
}
