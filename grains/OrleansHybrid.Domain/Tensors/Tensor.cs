namespace OrleansHybrid.Domain.Tensors;

/// <summary>One named tensor of a request or an answer: row-major, little-endian, in the protocol's binary form.</summary>
/// <remarks>See <see cref="TensorLease"/> for who releases <see cref="Data"/>.</remarks>
[GenerateSerializer, Immutable, Alias("hybrid.tensor")]
public sealed record Tensor(
    [property: Id(0)] string Name,
    [property: Id(1)] TensorDataType DataType,
    [property: Id(2)] TensorShape Shape,
    [property: Id(3)] TensorLease Data);
