using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Gateway.Json;

/// <summary>Checks that the brackets of tensor data agree with its shape: either one flat array, or arrays that each hold exactly one slice of the shape.</summary>
internal ref struct Nesting(TensorShape shape)
{
    private readonly TensorShape shape = shape;
    private Starts starts;
    private int valueLevel;

    /// <summary>Open brackets; 1 is the outermost array.</summary>
    public int Level { get; private set; }

    /// <summary>False when there are more brackets than dimensions.</summary>
    public bool Open(long elementsSoFar)
    {
        Level++;
        if (Level > Math.Max(1, shape.Rank)) return false;
        starts[Level - 1] = elementsSoFar;
        return true;
    }

    /// <summary>False when the array that ends holds another number of elements than its slice of the shape.</summary>
    public bool Close(long elementsSoFar)
    {
        Level--;
        return Level == 0 || elementsSoFar - starts[Level] == SliceElements(Level);
    }

    /// <summary>False when values stand at different depths.</summary>
    public bool Value()
    {
        if (valueLevel == 0) valueLevel = Level;
        return valueLevel == Level;
    }

    private readonly long SliceElements(int fromAxis)
    {
        long product = 1;
        for (var axis = fromAxis; axis < shape.Rank; axis++) product *= shape[axis];
        return product;
    }

    [System.Runtime.CompilerServices.InlineArray(Limits.TensorRankMax)]
    private struct Starts
    {
        private long first;
    }
}
