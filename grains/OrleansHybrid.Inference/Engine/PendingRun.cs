using System.Threading.Tasks.Sources;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Inference.Text;

namespace OrleansHybrid.Inference.Engine;

/// <summary>One request inside the engine: the engine's own hold on its inputs, and the promise to its caller.</summary>
/// <remarks>
/// Rules kept here:
/// <list type="bullet">
/// <item>It is answered once: by the run, by its deadline or by its caller's cancellation, whichever is first. The others find it answered and do nothing.</item>
/// <item>Its inputs are released once, by whoever takes it out of the queue: a run that goes on after its caller left keeps them to its end.</item>
/// <item>The caller's continuation runs on the thread pool, never on an engine thread. Handing it over costs 6 µs of CPU a request with 16 callers and 10 µs with one
/// (measured with a model of 30 µs); paid, because a caller that writes to a socket on an engine thread would keep the model from running.</item>
/// </list>
/// </remarks>
internal sealed class PendingRun : IValueTaskSource<EngineOutcome>
{
    private readonly VariantHost host;
    private ManualResetValueTaskSourceCore<EngineOutcome> promise = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration cancellation;
    private ITimer? deadline;
    private int answered;

    /// <summary>Takes a hold on every input.</summary>
    /// <param name="inputs">In the graph's order.</param>
    /// <param name="outputs">Indexes of the outputs wanted, in the caller's order.</param>
    public PendingRun(VariantHost host, Tensor[] inputs, int[] outputs, int rows, int priority, TimeSpan timeLeft, long arrivedAt)
    {
        this.host = host;
        Inputs = inputs;
        Outputs = outputs;
        Rows = rows;
        Level = (priority is > 0 and <= Limits.PriorityLevels ? priority : Limits.PriorityDefault) - 1;
        TimeLeft = timeLeft;
        ArrivedAt = arrivedAt;
        foreach (var input in inputs) input.Data.Share();
    }

    /// <summary>In the graph's order; texts until <see cref="Prepare"/> where the variant has a text step.</summary>
    public Tensor[] Inputs { get; private set; }

    /// <summary>What runs one after the other, where the rows cannot share a run; null: all rows at once, perhaps with other requests.</summary>
    public IReadOnlyList<RunPart>? Parts { get; private set; }

    public bool MayJoin => Rows > 0 && Parts is null;

    public int[] Outputs { get; }

    /// <summary>Rows along the batch dimension; 1 where the variant is not batched.</summary>
    public int Rows { get; }

    /// <summary>0 is first.</summary>
    public int Level { get; }

    public TimeSpan TimeLeft { get; }

    /// <summary>A timestamp of the engine's clock.</summary>
    public long ArrivedAt { get; }

    public bool IsAnswered => Volatile.Read(ref answered) != 0;

    /// <summary>Guarded by the queue.</summary>
    public PendingRun? Next { get; set; }
    public PendingRun? Previous { get; set; }
    public bool Queued { get; set; }

    /// <summary>Set by the queue when a thread takes it.</summary>
    public RunSlot? Slot { get; set; }

    public ValueTask<EngineOutcome> Answer => new(this, promise.Version);

    /// <summary>Watches the caller's token and deadline. Before it is queued, so that no answer can miss them.</summary>
    public void Watch(TimeProvider clock, CancellationToken caller)
    {
        deadline = clock.CreateTimer(static run => ((PendingRun)run!).GiveUp(Failures.DeadlinePassed), this, TimeLeft, Timeout.InfiniteTimeSpan);
        if (caller.CanBeCanceled) cancellation = caller.UnsafeRegister(static run => ((PendingRun)run!).GiveUp(Failures.CallerCancelled), this);
        if (IsAnswered) EndWatches(); // By a watch that fired before the fields above were set.
    }

    /// <summary>Takes the right to answer it, and ends its watches. False: somebody was faster, and what would have been the answer still belongs to the caller of this method.</summary>
    public bool TryClaim()
    {
        if (Interlocked.Exchange(ref answered, 1) != 0) return false;
        EndWatches();
        return true;
    }

    /// <summary>The graph's inputs take the place of the texts, whose hold ends. Only before it is queued.</summary>
    public void Prepare(IReadOnlyList<RunPart> parts)
    {
        ReleaseInputs();
        Parts = parts.Count > 1 ? parts : null;
        Inputs = parts.Count > 1 ? [.. parts.SelectMany(p => p.Inputs)] : parts[0].Inputs;
    }

    public void SetAnswer(EngineOutcome outcome) => promise.SetResult(outcome);

    /// <summary>The caller stops waiting. A request that waits leaves the queue; a run goes on, unless nobody else waits for it.</summary>
    public void GiveUp(InferenceFailure failure)
    {
        if (!TryClaim()) return;
        host.Statistics.RecordCancelled();
        if (host.Queue.Remove(this)) ReleaseInputs();
        else Slot?.CallerGone();
        promise.SetResult(Failures.Outcome(failure, host.Since(ArrivedAt)));
    }

    public void ReleaseInputs()
    {
        foreach (var input in Inputs) input.Data.Release();
    }

    private void EndWatches()
    {
        deadline?.Dispose();
        cancellation.Unregister();
    }

    EngineOutcome IValueTaskSource<EngineOutcome>.GetResult(short token) => promise.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<EngineOutcome>.GetStatus(short token) => promise.GetStatus(token);

    void IValueTaskSource<EngineOutcome>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        promise.OnCompleted(continuation, state, token, flags);
}
