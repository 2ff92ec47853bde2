using System.Collections.Concurrent;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Nodes;

namespace OrleansHybrid.Links.Bundles.Transfer;

/// <summary>How far each version has come, and when one that failed may be tried again. Written by one pass at a time, read by any thread.</summary>
public sealed class InstallProgress(TimeProvider clock, int seed, Action changed)
{
    private readonly ConcurrentDictionary<ModelVersionKey, Step> steps = new();
    private readonly ConcurrentDictionary<string, Pause> pauses = new(StringComparer.Ordinal);
    private readonly Random jitter = new(seed);

    public IReadOnlyList<NodeVersion> Versions =>
    [
        .. steps.OrderBy(s => s.Key.Model, StringComparer.Ordinal).ThenBy(s => s.Key.Version).Select(s =>
            new NodeVersion(s.Key.Model, s.Key.Version, s.Value.Variant, s.Value.Bundle, s.Value.Stage, (long)clock.GetElapsedTime(s.Value.Since).TotalSeconds, s.Value.Reason)),
    ];

    public void Set(ModelVersionKey version, NodeVersionStage stage, string variant, string bundle, string reason = "")
    {
        if (reason.Length > Limits.NodeTextCharsMax) reason = reason[..Limits.NodeTextCharsMax];
        var before = steps.GetValueOrDefault(version);
        if (before is not null && before.Stage == stage && before.Variant == variant && before.Bundle == bundle && before.Reason == reason) return;
        // Another reason does not make it younger.
        var since = before is not null && before.Stage == stage && before.Variant == variant && before.Bundle == bundle ? before.Since : clock.GetTimestamp();
        steps[version] = new Step(stage, variant, bundle, reason, since);
        changed();
    }

    public void Forget(Func<ModelVersionKey, bool> gone)
    {
        foreach (var version in steps.Keys.Where(gone).ToArray())
        {
            steps.TryRemove(version, out _);
            changed();
        }
    }

    /// <param name="content">What is tried: other content may be tried at once.</param>
    public bool MayTry(string content) => !pauses.TryGetValue(content, out var pause) || clock.GetElapsedTime(pause.At) >= pause.Wait;

    public void Succeeded(string content) => pauses.TryRemove(content, out _);

    /// <summary>The pause doubles, and is spread by <see cref="Limits.PollJitter"/>.</summary>
    public void Failed(string content, TimeSpan? atLeast = null)
    {
        var failures = pauses.GetValueOrDefault(content)?.Failures ?? 0;
        var wait = Limits.InstallRetryMin * Math.Pow(2, Math.Min(failures, 16));
        if (wait > Limits.InstallRetryMax) wait = Limits.InstallRetryMax;
        if (atLeast > wait) wait = atLeast.Value;
        pauses[content] = new Pause(clock.GetTimestamp(), wait * (1 + (Limits.PollJitter * jitter.NextDouble())), failures + 1);
    }

    private sealed record Step(NodeVersionStage Stage, string Variant, string Bundle, string Reason, long Since);

    private sealed record Pause(long At, TimeSpan Wait, int Failures);
}
