using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Grains.Routing;

/// <summary>Who holds what when a request crosses the grain boundary.</summary>
/// <remarks>
/// A request that arrived by serialisation carries leases without a pool (see <c>TensorLeaseCodec</c>), and only such a request does; its answer will
/// leave by serialisation too, and then nobody would release the pooled memory behind it. So the answer to such a request moves to memory without a
/// pool before it leaves, and the pool gets its own back at once.
/// </remarks>
internal static class LeaseOwnership
{
    public static bool CameFromAnotherProcess(InferenceRequest request) => request.Inputs.Any(t => !t.Data.IsPooled);

    public static void Share(InferenceRequest request)
    {
        for (var i = 0; i < request.Inputs.Count; i++) request.Inputs[i].Data.Share();
    }

    public static void Release(IReadOnlyList<Tensor> tensors)
    {
        for (var i = 0; i < tensors.Count; i++) tensors[i].Data.Release();
    }

    /// <summary>The same answer in memory that needs no release; the answer's own holds are given back.</summary>
    public static InferenceResult Detach(InferenceResult result)
    {
        if (result.Response is not { } response || response.Outputs.Count == 0) return result;
        var outputs = new Tensor[response.Outputs.Count];
        for (var i = 0; i < outputs.Length; i++)
        {
            var tensor = response.Outputs[i];
            var copy = TensorLease.Unpooled(tensor.Data.Length);
            tensor.Data.Span.CopyTo(copy.Span);
            outputs[i] = tensor with { Data = copy };
        }

        Release(response.Outputs);
        return InferenceResult.Of(response with { Outputs = outputs });
    }
}
