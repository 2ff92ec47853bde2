using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Inference.Engine;

/// <summary>Which dimension of an output counts the rows: learned from two runs of different rows.</summary>
internal static class BatchAxes
{
    /// <summary>The one dimension that went from <paramref name="fewRows"/> to <paramref name="manyRows"/> while all others stayed; -1 when there is none.</summary>
    public static int Find(TensorShape few, int fewRows, TensorShape many, int manyRows)
    {
        var axis = -1;
        if (few.Rank != many.Rank) return -1;
        for (var i = 0; i < few.Rank; i++)
        {
            if (few[i] == many[i]) continue;
            if (axis >= 0 || few[i] != fewRows || many[i] != manyRows) return -1;
            axis = i;
        }

        return axis;
    }
}
