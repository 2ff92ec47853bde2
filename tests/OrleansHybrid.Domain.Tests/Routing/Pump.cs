using Xunit;
using Microsoft.Extensions.Time.Testing;

namespace OrleansHybrid.Domain.Tests.Routing;

/// <summary>Runs asynchronous code on the test's own thread: the fake clock moves only when everything that could run has run.</summary>
internal sealed class Pump : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> posted = new();

    public override void Post(SendOrPostCallback d, object? state)
    {
        lock (posted) posted.Enqueue((d, state));
    }

    /// <summary>Starts the work and moves the clock, a millisecond at a time, until it ends.</summary>
    public T Run<T>(FakeTimeProvider clock, TimeSpan atMost, Func<ValueTask<T>> start)
    {
        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            var task = start().AsTask();
            var end = clock.GetUtcNow() + atMost;
            RunPosted();
            while (!task.IsCompleted && clock.GetUtcNow() < end) Tick(clock);
            Assert.True(task.IsCompleted, $"nothing came within {atMost}");
            return task.GetAwaiter().GetResult();
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    /// <summary>Moves the clock on, so that what was left behind comes to its end.</summary>
    public void Elapse(FakeTimeProvider clock, TimeSpan time) => Run(clock, time + TimeSpan.FromMilliseconds(10), async () =>
    {
        await Task.Delay(time, clock);
        return true;
    });

    private void Tick(FakeTimeProvider clock)
    {
        clock.Advance(TimeSpan.FromMilliseconds(1));
        RunPosted();
    }

    private void RunPosted()
    {
        while (TryTake(out var work)) work.Callback(work.State);
    }

    private bool TryTake(out (SendOrPostCallback Callback, object? State) work)
    {
        lock (posted) return posted.TryDequeue(out work);
    }
}
