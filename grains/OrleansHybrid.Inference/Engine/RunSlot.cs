using Microsoft.ML.OnnxRuntime;

namespace OrleansHybrid.Inference.Engine;

/// <summary>One thread's place: where it sleeps, what it runs now, and the switch that ends a run nobody waits for.</summary>
internal sealed class RunSlot : IDisposable
{
    private readonly Lock gate = new();
    private readonly object parking = new();
    private IReadOnlyList<PendingRun>? running;
    private bool signalled;

    /// <summary>Errors reach the caller; ONNX Runtime need not print them.</summary>
    public RunOptions Options { get; } = new() { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };

    /// <summary>Starts a run. False when none of its callers waits any more: then there is nothing to run.</summary>
    public bool Begin(IReadOnlyList<PendingRun> batch)
    {
        lock (gate)
        {
            if (AllGone(batch)) return false;
            running = batch;
            return true;
        }
    }

    public void End()
    {
        lock (gate)
        {
            running = null;
            if (Options.Terminate) Options.Terminate = false;
        }
    }

    /// <summary>A caller gave up: ends the run if it was the last. Harmless when the slot has gone on to another run.</summary>
    public void CallerGone()
    {
        lock (gate)
        {
            if (running is not null && AllGone(running)) Options.Terminate = true;
        }
    }

    /// <summary>The runs in flight, to be given up when the engine stops.</summary>
    public PendingRun[] Running()
    {
        lock (gate) return running is null ? [] : [.. running];
    }

    /// <summary>Sleeps until <see cref="Wake"/>, or for so long; a wake-up that came before counts.</summary>
    public void Park(int milliseconds)
    {
        lock (parking)
        {
            if (!signalled) Monitor.Wait(parking, milliseconds);
            signalled = false;
        }
    }

    public void Wake()
    {
        lock (parking)
        {
            signalled = true;
            Monitor.Pulse(parking);
        }
    }

    public void Dispose() => Options.Dispose();

    private static bool AllGone(IReadOnlyList<PendingRun> batch)
    {
        for (var i = 0; i < batch.Count; i++)
        {
            if (!batch[i].IsAnswered) return false;
        }

        return true;
    }
}
