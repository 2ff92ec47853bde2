using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Inference.Engine;

/// <summary>Which requests may share a run, and when a batch is worth running. In Triton's words.</summary>
/// <remarks>
/// A batch of a preferred size (without any: the maximum) runs at once. Otherwise what is there runs when its oldest request has waited for the queue delay; with no delay, at once.
/// Requests share a run when every input has the same shape but for the batch dimension, and inputs without one are equal byte for byte.
/// </remarks>
internal sealed class BatchRules(BatchingSettings settings, VariantModel model)
{
    private readonly HashSet<int> preferred = [.. settings.PreferredBatchSizes.Where(s => s > 0 && s <= settings.MaxBatchSize), settings.MaxBatchSize];

    /// <summary>Rows of one run; 0: no batching, and no bound.</summary>
    public int RowsMax { get; } = settings.MaxBatchSize > 1 ? settings.MaxBatchSize : 0;

    /// <summary>False where every request runs alone.</summary>
    public bool Together => RowsMax > 0 && model.MayJoin;

    public TimeSpan Delay { get; } = settings.MaxQueueDelay;

    public bool IsPreferred(int rows) => preferred.Contains(rows);

    public bool Match(PendingRun first, PendingRun second)
    {
        for (var i = 0; i < first.Inputs.Length; i++)
        {
            var axis = model.InputAxes[i];
            if (!SameShape(first, second, i, axis)) return false;
            if (axis < 0 && !first.Inputs[i].Data.Span.SequenceEqual(second.Inputs[i].Data.Span)) return false;
        }

        return true;
    }

    private static bool SameShape(PendingRun first, PendingRun second, int input, int axis)
    {
        var one = first.Inputs[input].Shape.Dims;
        var two = second.Inputs[input].Shape.Dims;
        if (axis < 0) return one.SequenceEqual(two);
        return one.Length == two.Length && one[..axis].SequenceEqual(two[..axis]) && one[(axis + 1)..].SequenceEqual(two[(axis + 1)..]);
    }
}
