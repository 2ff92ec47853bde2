using Microsoft.ML.OnnxRuntime;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Inference.Text;

namespace OrleansHybrid.Inference.Engine;

/// <summary>Runs a request whose rows are of unlike length, one part after the other, and puts the rows of every output in their places. Throws what ONNX Runtime throws; leaves no lease behind then.</summary>
internal sealed class PartsRunner(VariantModel model, TensorPool pool, TimeProvider clock)
{
    public Tensor[] Run(PendingRun run, IReadOnlyList<RunPart> parts, string[] names, RunOptions options, ref RunTimes times)
    {
        var tensors = new Tensor[run.Outputs.Length];
        try
        {
            foreach (var part in parts) RunPart(run, part, names, options, tensors, ref times);
            return tensors;
        }
        catch
        {
            foreach (var tensor in tensors) tensor?.Data.Release();
            throw;
        }
    }

    private void RunPart(PendingRun run, RunPart part, string[] names, RunOptions options, Tensor[] tensors, ref RunTimes times)
    {
        var start = clock.GetTimestamp();
        var inputs = new OrtValue[part.Inputs.Length];
        try
        {
            for (var i = 0; i < inputs.Length; i++) inputs[i] = TensorBinding.Bind(part.Inputs[i].DataType, part.Inputs[i].Shape, part.Inputs[i].Data);
            var bound = clock.GetTimestamp();
            using var outputs = model.Session.Run(options, model.InputNames, inputs, names);
            var ran = clock.GetTimestamp();
            for (var i = 0; i < tensors.Length; i++) Place(outputs[i], model.Outputs[run.Outputs[i]], run.Rows, part.Rows, ref tensors[i]);
            times.Input += clock.GetElapsedTime(start, bound);
            times.Compute += clock.GetElapsedTime(bound, ran);
            times.Output += clock.GetElapsedTime(ran);
        }
        finally
        {
            foreach (var input in inputs) input?.Dispose();
        }
    }

    private void Place(OrtValue value, TensorSpec spec, int rows, int[] places, ref Tensor tensor)
    {
        var shape = TensorBinding.Shape(value, spec);
        if (shape.Rank == 0 || shape[0] != places.Length) throw new RunFailedException($"output '{spec.Name}' of shape {shape} does not hold {places.Length} rows");
        var whole = shape.WithFirst(rows);
        tensor ??= new Tensor(spec.Name, spec.DataType, whole, pool.Rent(checked((int)(whole.ElementCount!.Value * spec.DataType.ElementBytes()))));
        if (tensor.Shape != whole) throw new RunFailedException($"output '{spec.Name}' has rows of shape {whole} and {tensor.Shape} for texts of unlike length; ask one text at a time");
        var rowBytes = tensor.Data.Length / rows;
        var content = rowBytes == 0 ? [] : value.GetTensorMutableRawData();
        for (var i = 0; i < places.Length; i++) content.Slice(i * rowBytes, rowBytes).CopyTo(tensor.Data.Span[(places[i] * rowBytes)..]);
    }
}
