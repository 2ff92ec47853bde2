using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Domain.Routing;

/// <summary>What one attempt brought: outputs, whose leases the runner owns until it returns or releases them, or a failure.</summary>
internal sealed class AttemptAnswer
{
    public required PlannedAttempt Attempt { get; init; }

    public IReadOnlyList<Tensor> Outputs { get; init; } = [];

    public InferenceFailure? Failure { get; init; }

    /// <summary>Null when the one that answered states none.</summary>
    public Provenance? Provenance { get; init; }

    public Judgement Judged { get; init; }

    public bool Escalated { get; init; }

    public bool Degraded { get; init; }

    public RequestTimes Times { get; init; }

    /// <summary>The attempt that ended before it, of the same request.</summary>
    public AttemptAnswer? Before { get; set; }

    public bool IsUnsure(double floor) => Failure is null && Judged.Confidence < floor;

    public void Release() => Leases.Release(Outputs);
}

/// <summary>Gives back, or takes, a hold on each tensor of a list.</summary>
internal static class Leases
{
    public static void Release(IReadOnlyList<Tensor> tensors)
    {
        for (var i = 0; i < tensors.Count; i++) tensors[i].Data.Release();
    }

    public static void Share(IReadOnlyList<Tensor> tensors)
    {
        for (var i = 0; i < tensors.Count; i++) tensors[i].Data.Share();
    }
}
