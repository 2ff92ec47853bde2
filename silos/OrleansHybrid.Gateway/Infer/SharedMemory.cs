using OrleansHybrid.Gateway.Failures;

namespace OrleansHybrid.Gateway.Infer;

/// <summary>Refuses tensors that lie in shared memory.</summary>
internal static class SharedMemory
{
    public const string Why = "Shared memory is not served: it would let a caller name memory of this host. Send the tensor as binary data.";

    public static InferenceFailure? Check(string parameter) => parameter.StartsWith("shared_memory_", StringComparison.Ordinal) ? Bad.Input(Why) : null;
}
