using System.Runtime.InteropServices;
using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Domain.Tests.Routing;

/// <summary>How a place answers: with a confidence, or a failure, after some milliseconds.</summary>
/// <param name="Deaf">It heeds neither the time it was given nor a cancellation.</param>
/// <param name="Foreign">It states neither label, confidence nor provenance.</param>
internal sealed record Script(double Confidence, FailureCode? Failure, int AfterMs, bool Deaf = false, bool Foreign = false)
{
    public InferenceFailure? AsFailure => Failure is { } code ? new InferenceFailure(code, "scripted") : null;

    /// <summary>The outputs named, or both; in buffers that are overwritten once they are returned.</summary>
    public IReadOnlyList<Tensor> Outputs(TensorPool pool, IReadOnlyList<string> wanted)
    {
        if (Failure is not null) return [];
        var c = (float)Confidence;
        string[] names = wanted.Count == 0 ? ["probabilities", "extra"] : [.. wanted];
        float[] row = [c, (1 - c) * 0.6f, (1 - c) * 0.4f];
        return [.. names.Select(name => new Tensor(name, TensorDataType.Fp32, new TensorShape(1, 3), pool.Copy(MemoryMarshal.AsBytes<float>(row))))];
    }

    /// <summary>What a classifier says: the confidence, as one value for the row.</summary>
    public Tensor Verdict(TensorPool pool, string name) => new(name, TensorDataType.Fp32, new TensorShape(1, 1), pool.Copy(MemoryMarshal.AsBytes<float>([(float)Confidence])));

    /// <summary>Waits as scripted. False: the time given was over first.</summary>
    public async Task<bool> WaitAsync(TimeProvider clock, TimeSpan timeLeft, CancellationToken cancellationToken)
    {
        var time = TimeSpan.FromMilliseconds(AfterMs);
        if (Deaf)
        {
            if (AfterMs > 0) await Task.Delay(time, clock, CancellationToken.None);
            return true;
        }

        cancellationToken.ThrowIfCancellationRequested();
        var inTime = time <= timeLeft;
        if (AfterMs > 0) await Task.Delay(inTime ? time : timeLeft, clock, cancellationToken);
        return inTime;
    }
}
