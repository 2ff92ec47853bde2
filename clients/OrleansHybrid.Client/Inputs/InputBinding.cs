using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Client;

/// <summary>An input as the model takes it, whose leases the receiver releases, or why it does not fit: exactly one of the two is set.</summary>
internal readonly record struct InputBinding(IReadOnlyList<Tensor>? Tensors, InferenceFailure? Failure)
{
    public static InputBinding Of(params IReadOnlyList<Tensor> tensors) => new(tensors, null);

    public static InputBinding Refuse(FormattableString message) => new(null, new InferenceFailure(FailureCode.BadInput, FormattableString.Invariant(message)));
}
