using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Gateway.Infer;

namespace OrleansHybrid.Gateway.Answers;

/// <summary>One output as it will be written: its tensor or its classes, as JSON or binary.</summary>
internal readonly record struct AnswerTensor(Tensor Tensor, bool Binary);

/// <summary>Settles how each output of an answer is written. Holds the leases that classification made.</summary>
internal sealed class AnswerPlan : IDisposable
{
    private readonly List<TensorLease> own = [];

    public readonly List<AnswerTensor> Tensors = [];

    /// <param name="labels">Class names of an output, or empty.</param>
    public InferenceFailure? Fill(InferDraft draft, InferenceResponse response, Func<InferenceResponse, string, IReadOnlyList<string>> labels, TensorPool pool)
    {
        foreach (var output in response.Outputs)
        {
            var wanted = draft.FindOutput(output.Name);
            var binary = wanted?.Binary ?? draft.Parameters.BinaryOutput;
            if (wanted is not { Classes: > 0 })
            {
                Tensors.Add(new AnswerTensor(output, binary));
                continue;
            }

            if (Classification.Make(output, wanted.Classes, labels(response, output.Name), pool, out var classes) is { } failure) return failure;
            own.Add(classes.Data);
            Tensors.Add(new AnswerTensor(classes, binary));
        }

        return null;
    }

    public void Dispose()
    {
        foreach (var lease in own) lease.Release();
    }
}
