namespace OrleansHybrid.Domain.Tensors;

/// <summary>What a model takes or gives under one name.</summary>
/// <param name="Shape">-1 marks a free dimension; the first free one of every input is the batch dimension where batching is declared.</param>
/// <param name="Labels">Class names of the last dimension, or empty. Read once at load, so answers only index into it.</param>
[GenerateSerializer, Immutable, Alias("hybrid.tensor-spec")]
public sealed record TensorSpec(
    [property: Id(0)] string Name,
    [property: Id(1)] TensorDataType DataType,
    [property: Id(2)] TensorShape Shape,
    [property: Id(3)] IReadOnlyList<string> Labels)
{
    public TensorSpec(string name, TensorDataType dataType, TensorShape shape) : this(name, dataType, shape, []) { }
}
