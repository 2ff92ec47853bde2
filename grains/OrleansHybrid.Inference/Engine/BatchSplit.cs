using Microsoft.ML.OnnxRuntime;
using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Inference.Engine;

/// <summary>Gives each member of a batch its rows of every output it asked for.</summary>
internal static class BatchSplit
{
    public static Tensor[][] Split(VariantModel model, int[] axes, IReadOnlyList<OrtValue> outputs, IReadOnlyList<PendingRun> members, TensorPool pool)
    {
        var parts = new Tensor[]?[outputs.Count];
        try
        {
            for (var i = 0; i < parts.Length; i++) parts[i] = One(model.Outputs[i], axes[i], outputs[i], members, pool);
        }
        catch
        {
            foreach (var tensor in parts.SelectMany(p => p ?? [])) tensor.Data.Release();
            throw;
        }

        return Deal(parts!, members);
    }

    private static Tensor[] One(TensorSpec spec, int axis, OrtValue value, IReadOnlyList<PendingRun> members, TensorPool pool)
    {
        var shape = TensorBinding.Shape(value, spec);
        var rows = members.Sum(static run => run.Rows);
        if (axis >= shape.Rank || shape[axis] != rows) throw new RunFailedException($"output '{spec.Name}' of shape {shape} does not hold the batch's {rows} rows");
        var whole = shape.ElementCount == 0 ? [] : value.GetTensorMutableRawData();
        return BatchCopy.Split(whole, spec, shape, axis, members, pool);
    }

    /// <summary>From outputs × members to members × their outputs; what nobody asked for goes back.</summary>
    private static Tensor[][] Deal(Tensor[][] parts, IReadOnlyList<PendingRun> members)
    {
        var answers = new Tensor[members.Count][];
        for (var m = 0; m < answers.Length; m++)
        {
            var member = m;
            answers[m] = [.. members[m].Outputs.Select(o => parts[o][member])];
            for (var o = 0; o < parts.Length; o++)
            {
                if (!members[m].Outputs.Contains(o)) parts[o][m].Data.Release();
            }
        }

        return answers;
    }
}
