using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Inference.Text;

/// <summary>Rows of one request that run together: all of one length in tokens.</summary>
/// <param name="Inputs">In the graph's order; whoever holds the part releases them.</param>
/// <param name="Rows">Their places in the request.</param>
internal sealed record RunPart(Tensor[] Inputs, int[] Rows);
