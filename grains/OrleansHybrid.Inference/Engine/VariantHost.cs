using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Inference.Text;

namespace OrleansHybrid.Inference.Engine;

/// <summary>One loaded variant: its session, its queue and the threads that run it.</summary>
/// <remarks>Life: made, <see cref="Start"/>, serves, <see cref="CloseAsync"/>: takes nothing more, runs what waits; the last thread to end frees the session.</remarks>
internal sealed class VariantHost
{
    private readonly VariantModel model;
    private readonly SessionRunner runner;
    private readonly TimeProvider clock;
    private readonly RunSlot[] slots;
    private readonly InputCheck check;
    private readonly TextStep? text;
    private readonly TextQueue? texts;
    private readonly CallerRuns callers;
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int threadsLeft;
    private long meanRunTicks;

    public VariantHost(LoadedVariant loaded, VariantModel model, BatchingSettings batching, int instances, EngineSettings settings, TensorPool pool, TimeProvider clock, TextStep? text = null)
    {
        Loaded = loaded;
        this.model = model;
        this.clock = clock;
        var rules = new BatchRules(batching, model);
        Capacity = batching.MaxQueueSize > 0 ? batching.MaxQueueSize : Limits.QueuePerVariantMax;
        Queue = new RunQueue(rules, Capacity, settings.IdleSpin, clock);
        check = text is null
            ? new InputCheck(loaded, model.UnknownRank, model.InputAxes, rules.RowsMax)
            : new InputCheck(loaded, new HashSet<string>(), [0], rules.RowsMax > 0 ? rules.RowsMax : Limits.BatchRowsMax);
        this.text = text;
        texts = text is null ? null : new TextQueue(PrepareTexts, () => Queue.Waiting, Capacity);
        runner = new SessionRunner(model, pool, clock);
        callers = new CallerRuns(settings.CallerRunMax, instances);
        slots = [.. Enumerable.Range(0, instances).Select(_ => new RunSlot())];
        threadsLeft = instances;
    }

    public LoadedVariant Loaded { get; }

    /// <summary>Until <see cref="CountInto"/>: of the probes, which nobody sees.</summary>
    public VariantStatistics Statistics { get; private set; } = new();

    public RunQueue Queue { get; }

    private int Capacity { get; }

    public TimeSpan Since(long timestamp) => clock.GetElapsedTime(timestamp);

    public void Start()
    {
        for (var i = 0; i < slots.Length; i++)
        {
            var slot = slots[i];
            new Thread(() => Work(slot)) { IsBackground = true, Name = $"engine {Loaded.Key.Model} {i}" }.Start();
        }
    }

    /// <summary>From now on it counts here. Called once, before it serves.</summary>
    public void CountInto(VariantStatistics statistics) => Statistics = Queue.Statistics = statistics;

    /// <summary>Checks and queues a request. Null: this host takes nothing more, another may have replaced it.</summary>
    public ValueTask<EngineOutcome>? TryRun(EngineRequest request, CancellationToken cancellationToken)
    {
        var arrived = clock.GetTimestamp();
        if (check.Check(text is null ? request : TextStep.Flat(request), out var inputs, out var wanted, out var rows) is { } error) return ValueTask.FromResult(Refuse(error, arrived));
        var run = new PendingRun(this, inputs, wanted, rows, request.Priority, Least(request.TimeLeft, Limits.DeadlineMax), arrived);
        if (text is null && callers.TryTake(Queue, Volatile.Read(ref meanRunTicks)) is { } slot && RunHere(slot, run, cancellationToken)) return run.Answer;
        run.Watch(clock, cancellationToken);
        switch (texts?.Add(run) ?? Queue.Add(run))
        {
            case EnqueueResult.Queued: return run.Answer;
            case EnqueueResult.Full:
                run.ReleaseInputs();
                Reject(run);
                return run.Answer;
            case EnqueueResult.Closed when run.TryClaim():
                run.ReleaseInputs();
                return null;
            default:
                run.ReleaseInputs();
                return run.Answer;
        }
    }

    /// <summary>Takes nothing more; done when every request in it was answered and the session is freed.</summary>
    public Task CloseAsync()
    {
        if (texts is null) Queue.Close();
        else texts.Close(() => Queue.Close());
        return ended.Task;
    }

    /// <summary>Gives up what waits and what runs. A run ends at its next node.</summary>
    public void Stop()
    {
        foreach (var run in texts?.Waiting() ?? []) run.GiveUp(Failures.Stopping);
        foreach (var run in Queue.Close(discard: true)) GiveUpTaken(run);
        foreach (var run in slots.SelectMany(s => s.Running())) run.GiveUp(Failures.Stopping);
    }

    private static void GiveUpTaken(PendingRun run)
    {
        run.GiveUp(Failures.Stopping);
        run.ReleaseInputs();
    }

    private void Reject(PendingRun run)
    {
        if (!run.TryClaim()) return;
        Statistics.RecordRejected();
        run.SetAnswer(Failures.Outcome(Failures.QueueFull(Capacity, RetryAfter())));
    }

    private EngineOutcome Refuse(string error, long arrived)
    {
        Statistics.RecordRequest(false, 0, Since(arrived), default, clock.GetUtcNow());
        return Failures.Outcome(new InferenceFailure(FailureCode.BadInput, error));
    }

    /// <summary>The time to work off what waits, as runs went lately.</summary>
    private TimeSpan RetryAfter()
    {
        var requestsPerRun = Math.Max(1.0, Statistics.Successes / (double)Math.Max(1, Statistics.Executions));
        var ticks = Volatile.Read(ref meanRunTicks) * Queue.Waiting / requestsPerRun / slots.Length;
        return TimeSpan.FromTicks((long)Math.Clamp(ticks, Limits.RetryAfterMin.Ticks, Limits.RetryAfterMax.Ticks));
    }

    /// <summary>On a worker of <see cref="texts"/>. What was given up meanwhile only leaves; a queue that closed before the last text came belongs to an engine that stops.</summary>
    private void PrepareTexts(PendingRun run)
    {
        var began = clock.GetTimestamp();
        try
        {
            if (text!.Prepare(run) is { } failure) Fail(run, failure, began);
            else if (Enqueue(run)) return;
        }
        catch (Exception error)
        {
            Fail(run, RunErrors.OfRun(error), began);
        }

        run.ReleaseInputs();
    }

    private bool Enqueue(PendingRun run)
    {
        var result = Queue.Add(run);
        if (result == EnqueueResult.Full) Reject(run);
        else if (result == EnqueueResult.Closed) run.GiveUp(Failures.Stopping);
        return result == EnqueueResult.Queued;
    }

    private void Work(RunSlot slot)
    {
        var batch = new List<PendingRun>();
        while (Queue.Take(slot, batch)) RunTaken(slot, batch);
        slot.Dispose();
        LeaveThread();
    }

    /// <summary>Runs on the caller's thread. False: this host is closed, and nothing was done.</summary>
    private bool RunHere(RunSlot slot, PendingRun run, CancellationToken cancellationToken)
    {
        var entered = TryEnterThread();
        if (entered)
        {
            run.Slot = slot;
            run.Watch(clock, cancellationToken);
            RunTaken(slot, [run]);
        }

        callers.Return(slot);
        if (entered) LeaveThread();
        return entered;
    }

    /// <summary>One more thread may be in a run. False once the last has left: the session is gone.</summary>
    private bool TryEnterThread()
    {
        int seen;
        do
        {
            seen = Volatile.Read(ref threadsLeft);
            if (seen == 0) return false;
        }
        while (Interlocked.CompareExchange(ref threadsLeft, seen + 1, seen) != seen);
        return true;
    }

    private void LeaveThread()
    {
        if (Interlocked.Decrement(ref threadsLeft) > 0) return;
        callers.Dispose();
        model.Dispose();
        FreedMemory.Return();
        ended.SetResult();
    }

    private void RunTaken(RunSlot slot, List<PendingRun> batch)
    {
        var started = clock.GetTimestamp();
        try
        {
            foreach (var run in batch)
            {
                if (clock.GetElapsedTime(run.ArrivedAt, started) >= run.TimeLeft) run.GiveUp(Failures.DeadlinePassed);
            }

            if (batch.Count > 1) RunBatch(slot, batch, started);
            else RunOne(slot, batch, started);
        }
        finally
        {
            foreach (var run in batch) run.ReleaseInputs();
        }
    }

    private void RunBatch(RunSlot slot, List<PendingRun> batch, long started)
    {
        var members = batch.FindAll(static run => !run.IsAnswered);
        if (members.Count > 1 && TryTogether(slot, members, started)) return;

        // One bad request fails alone: each is asked again by itself.
        foreach (var run in members) RunOne(slot, [run], started);
    }

    private bool TryTogether(RunSlot slot, List<PendingRun> members, long started)
    {
        var rows = members.Sum(static run => run.Rows);
        var times = new RunTimes();
        if (!Begin(slot, members)) return true;
        Tensor[][] answers;
        try
        {
            answers = runner.Together(members, rows, slot.Options, ref times);
        }
        catch (Exception)
        {
            return false;
        }
        finally
        {
            End(slot);
        }

        Executed(rows, times);
        for (var i = 0; i < members.Count; i++) Answer(members[i], answers[i], times, started, rows);
        return true;
    }

    private void RunOne(RunSlot slot, IReadOnlyList<PendingRun> single, long started)
    {
        var run = single[0];
        var times = new RunTimes();
        if (!Begin(slot, single)) return;
        Tensor[] answer;
        try
        {
            answer = runner.Alone(run, slot.Options, ref times);
        }
        catch (Exception error)
        {
            Fail(run, RunErrors.OfRun(error), started);
            return;
        }
        finally
        {
            End(slot);
        }

        Executed(run.Rows, times);
        Answer(run, answer, times, started, run.Rows);
    }

    private bool Begin(RunSlot slot, IReadOnlyList<PendingRun> members)
    {
        if (!slot.Begin(members)) return false;
        Statistics.AddRunning(+1);
        return true;
    }

    private void End(RunSlot slot)
    {
        slot.End();
        Statistics.AddRunning(-1);
    }

    private void Executed(int rows, in RunTimes times)
    {
        Statistics.RecordExecution(rows, times.With(default, rows, rows));
        var mean = Volatile.Read(ref meanRunTicks);
        var took = (times.Input + times.Compute + times.Output).Ticks;
        Volatile.Write(ref meanRunTicks, mean == 0 ? took : mean + ((took - mean) / 8));
    }

    /// <summary>Statistics first, so that a caller who reads them after its answer finds itself counted.</summary>
    private void Answer(PendingRun run, Tensor[] outputs, in RunTimes times, long started, int rows)
    {
        if (!run.TryClaim())
        {
            foreach (var output in outputs) output.Data.Release();
            return;
        }

        var engineTimes = times.With(clock.GetElapsedTime(run.ArrivedAt, started), rows, run.Rows);
        Statistics.RecordRequest(true, run.Rows, Since(run.ArrivedAt), engineTimes, clock.GetUtcNow());
        run.SetAnswer(new EngineOutcome(outputs, null, engineTimes));
    }

    private void Fail(PendingRun run, InferenceFailure failure, long started)
    {
        if (!run.TryClaim()) return;
        Statistics.RecordRequest(false, 0, Since(run.ArrivedAt), default, clock.GetUtcNow());
        run.SetAnswer(Failures.Outcome(failure, clock.GetElapsedTime(run.ArrivedAt, started)));
    }

    private static TimeSpan Least(TimeSpan first, TimeSpan second) => first < second ? first : second;
}
