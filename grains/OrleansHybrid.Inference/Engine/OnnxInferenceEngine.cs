using System.Collections.Concurrent;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Inference.Engine;

/// <summary>Runs variants in this process with ONNX Runtime.</summary>
/// <remarks>
/// <list type="bullet">
/// <item>Every variant has one session, its own bounded queue and its own threads: a slow model keeps no other from running, and no caller's thread waits in a run unless <see cref="EngineSettings.CallerRunMax"/> allows it.</item>
/// <item>A request is checked before it is queued; a failed batch is run again one by one, so that a bad request fails alone.</item>
/// <item>A caller that goes away gets its answer at once; the run keeps its own hold on the inputs to its end, and its outputs go back to the pool.</item>
/// <item>Loading a key that is loaded replaces it once the new one is warm; requests meet the old or the new one, never neither.</item>
/// </list>
/// <code>
/// await using var engine = new OnnxInferenceEngine(new EngineSettings(), TensorPool.Shared, TimeProvider.System);
/// var outcome = await engine.LoadAsync(variant, cancellationToken);
/// var answer = await engine.RunAsync(new EngineRequest(variant.Key, inputs, [], TimeSpan.FromSeconds(1)), cancellationToken);
/// </code>
/// </remarks>
/// <param name="note">Told what an operator should know and no caller needs to, a line at a time.</param>
public sealed class OnnxInferenceEngine(EngineSettings settings, TensorPool pool, TimeProvider clock, Action<string>? note = null) : IInferenceEngine, IAsyncDisposable
{
    private readonly VariantLoader loader = new(settings, pool, clock, note);
    private readonly ConcurrentDictionary<VariantKey, SemaphoreSlim> turns = new();
    private readonly ConcurrentDictionary<VariantHost, Task> closing = new();
    private readonly Lock gate = new();
    private Holdings holdings = new([]);
    private bool stopping;

    public EngineState State => Volatile.Read(ref holdings).State;

    public async ValueTask<LoadOutcome> LoadAsync(VariantToLoad variant, CancellationToken cancellationToken)
    {
        var turn = turns.GetOrAdd(variant.Key, static _ => new SemaphoreSlim(1, 1));
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (Volatile.Read(ref stopping)) return new LoadOutcome(null, Failures.Stopping);
            var (host, failure) = await OwnThread.Run($"load {variant.Key.Model}", () => loader.Load(variant, cancellationToken)).ConfigureAwait(false);
            if (host is null) return new LoadOutcome(null, failure);
            host.Start();
            if (await ProbedAsync(host, variant, cancellationToken).ConfigureAwait(false) is { } wrong) return new LoadOutcome(null, new InferenceFailure(FailureCode.ModelFailed, wrong));
            if (Replace(variant.Key, host) is { } old) _ = Close(old);
            if (Volatile.Read(ref stopping) && Replace(variant.Key, null) is { } late) _ = Close(late);
            return new LoadOutcome(host.Loaded, null);
        }
        finally
        {
            turn.Release();
        }
    }

    public async ValueTask<bool> UnloadAsync(VariantKey variant, CancellationToken cancellationToken)
    {
        var turn = turns.GetOrAdd(variant, static _ => new SemaphoreSlim(1, 1));
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (Replace(variant, null) is not { } host) return false;
            await Close(host).WaitAsync(cancellationToken).ConfigureAwait(false);
            return true;
        }
        finally
        {
            turn.Release();
        }
    }

    public ValueTask<EngineOutcome> RunAsync(EngineRequest request, CancellationToken cancellationToken)
    {
        while (Find(request.Variant) is { } host)
        {
            if (cancellationToken.IsCancellationRequested) return GivenUp(host, Failures.CallerCancelled);
            if (request.TimeLeft <= TimeSpan.Zero) return GivenUp(host, Failures.DeadlinePassed);
            if (host.TryRun(request, cancellationToken) is { } answer) return answer;
        }

        return ValueTask.FromResult(Failures.Outcome(Volatile.Read(ref stopping) ? Failures.Stopping : Failures.NotLoaded(request.Variant)));
    }

    /// <summary>Takes nothing more and lets requests in flight finish for <see cref="EngineSettings.DrainMax"/>; then gives them up.</summary>
    public async ValueTask DisposeAsync()
    {
        Volatile.Write(ref stopping, true);
        foreach (var key in State.Variants.Keys)
        {
            if (Replace(key, null) is { } host) _ = Close(host);
        }

        if (await Drained(settings.DrainMax).ConfigureAwait(false)) return;
        foreach (var host in closing.Keys) host.Stop();

        // A run ends at its next node; one that does not keeps its thread and its session, and nobody waits for it.
        await Drained(Limits.TerminateMax).ConfigureAwait(false);
    }

    /// <summary>Null when the host may serve; else it is closed.</summary>
    private async Task<string?> ProbedAsync(VariantHost host, VariantToLoad variant, CancellationToken cancellationToken)
    {
        var isGood = false;
        try
        {
            var wrong = await ProbeRun.AllAsync(host, variant.Probes, cancellationToken).ConfigureAwait(false);
            isGood = wrong is null;
            return wrong;
        }
        finally
        {
            if (isGood) host.CountInto(variant.Statistics ?? new VariantStatistics());
            else _ = Close(host);
        }
    }

    private static ValueTask<EngineOutcome> GivenUp(VariantHost host, InferenceFailure failure)
    {
        host.Statistics.RecordCancelled();
        return ValueTask.FromResult(Failures.Outcome(failure));
    }

    private VariantHost? Find(VariantKey key) => Volatile.Read(ref holdings).Hosts.GetValueOrDefault(key);

    private VariantHost? Replace(VariantKey key, VariantHost? host)
    {
        lock (gate)
        {
            var hosts = new Dictionary<VariantKey, VariantHost>(holdings.Hosts);
            hosts.Remove(key, out var old);
            if (host is not null) hosts.Add(key, host);
            Volatile.Write(ref holdings, new Holdings(hosts));
            return old;
        }
    }

    private Task Close(VariantHost host)
    {
        var closed = host.CloseAsync();
        closing[host] = closed;
        return Forget(host, closed);
    }

    private async Task Forget(VariantHost host, Task closed)
    {
        await closed.ConfigureAwait(false);
        closing.TryRemove(host, out _);
    }

    private async Task<bool> Drained(TimeSpan within)
    {
        try
        {
            await Task.WhenAll(closing.Values).WaitAsync(within, clock).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>What is loaded, replaced whole.</summary>
    private sealed class Holdings(Dictionary<VariantKey, VariantHost> hosts)
    {
        public Dictionary<VariantKey, VariantHost> Hosts { get; } = hosts;

        public EngineState State { get; } = new(hosts.ToDictionary(h => h.Key, h => new VariantState(h.Value.Loaded, h.Value.Statistics)));
    }
}
