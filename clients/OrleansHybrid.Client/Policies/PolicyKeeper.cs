using System.Text;
using OrleansHybrid.Domain.Documents;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Links.Fleet;
using OrleansHybrid.Yaml.Routing;

namespace OrleansHybrid.Client;

/// <summary>The policy of a device: asked of the cell above, checked, kept, and applied until a later one is good.</summary>
/// <remarks>
/// Rules kept here:
/// <list type="bullet">
/// <item>A text is applied only when its digest is right, its revision is the one it was offered as and not lower than what is held, and it compiles. Anything else leaves what holds.</item>
/// <item>Without a cell the kept one holds, however old; its age is told, never hidden.</item>
/// <item>A cell without a policy takes none away: a farm that lost its documents must not loosen what its devices keep.</item>
/// <item>Quotas are not charged here: they are the cell's.</item>
/// </list>
/// </remarks>
internal sealed class PolicyKeeper
{
    private readonly HybridClientOptions options;
    private readonly DeviceFolder folder;
    private readonly Random jitter;
    private readonly SemaphoreSlim turn = new(1, 1);
    private Held held;

    public PolicyKeeper(HybridClientOptions options, DeviceFolder folder)
    {
        (this.options, this.folder) = (options, folder);
        jitter = new Random(options.SeedOrDefault);
        held = new Held(options.Policy, null, PolicySource.Options, null);
        if (options.FollowPolicy && KeptPolicy.Read(folder, options.Note) is { } kept) TakeKept(kept);
    }

    /// <summary>Raised after another policy began to hold.</summary>
    public event Action? Changed;

    public CompiledPolicy Current => Volatile.Read(ref held).Policy;

    public HybridPolicyStatus Status
    {
        get
        {
            var now = Volatile.Read(ref held);
            TimeSpan? age = now.Kept is { } kept ? options.Clock.GetUtcNow() - kept.ConfirmedAt : null;
            return new HybridPolicyStatus(now.Policy.Name, now.Policy.Revision, now.Kept?.Digest ?? "", now.Source, now.Kept?.ConfirmedAt, age, now.Problem);
        }
    }

    /// <summary>Asks now and on the interval until it is cancelled.</summary>
    public async Task FollowAsync(FleetClient cell, CancellationToken cancellationToken)
    {
        try
        {
            while (await AskAsync(cell, cancellationToken).ConfigureAwait(false))
            {
                await Task.Delay(NextPause(), options.Clock, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The client is closing.
        }
    }

    /// <summary>A policy that was not asked for here: it came with verified documents. The rules are those of an answer.</summary>
    /// <returns>Null when it holds, now or already; else why not.</returns>
    public async Task<string?> OfferAsync(PolicyBody policy, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var mine = Volatile.Read(ref held).Kept;
            if (mine is not null && mine.Revision == policy.Revision && mine.Digest == policy.Digest) Confirm();
            else Problem(Take(new PolicyAnswer(PolicyAnswerKind.Policy, policy.Name, policy.Revision, policy.Text, policy.Digest, null)));
            return Status.Problem;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>One question. False: the server above will never answer it.</summary>
    public async ValueTask<bool> AskAsync(FleetClient cell, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await AskInTurnAsync(cell, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            turn.Release();
        }
    }

    private async ValueTask<bool> AskInTurnAsync(FleetClient cell, CancellationToken cancellationToken)
    {
        var mine = Volatile.Read(ref held).Kept;
        var offer = await cell.GetPolicyAsync(mine?.Revision ?? 0, mine?.Digest ?? "", cancellationToken).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        switch (offer.Kind)
        {
            case PolicyAnswerKind.Policy: Problem(Take(offer)); break;
            case PolicyAnswerKind.NotModified: Confirm(); break;
            case PolicyAnswerKind.None: Problem(mine is null ? null : $"The cell above has no policy; revision {mine.Revision} of '{mine.Name}' goes on holding here."); break;
            case PolicyAnswerKind.NotServed: Problem("The server above does not hand out policies; none is asked for any more."); return false;
            default: Problem($"The cell above could not be asked for its policy: {offer.Failure!.Message}"); break;
        }

        return true;
    }

    /// <summary>Null, or why the offer does not hold.</summary>
    private string? Take(PolicyAnswer offer)
    {
        var mine = Volatile.Read(ref held);
        if (offer.Revision < mine.Policy.Revision) return $"Revision {offer.Revision} of the policy '{offer.Name}' came, lower than {mine.Policy.Revision} that holds here. It is refused.";
        if (offer.Revision == mine.Policy.Revision && mine.Kept is { } kept && kept.Digest != offer.Digest) return $"Another text came under revision {offer.Revision} of the policy '{offer.Name}'. It is refused: raise the revision.";
        var reading = PolicyReader.Read(Encoding.UTF8.GetBytes(offer.Text), offer.Name);
        if (reading.Policy is not { } policy) return $"The policy '{offer.Name}', revision {offer.Revision}, has errors and is not applied: {string.Join(' ', reading.Lines)}";
        if (policy.Revision != offer.Revision) return $"The policy '{offer.Name}' was offered as revision {offer.Revision} and says {policy.Revision}. It is refused.";
        var next = new KeptPolicy(policy.Name, policy.Revision, offer.Digest, offer.Text, options.Clock.GetUtcNow());
        Volatile.Write(ref held, new Held(policy, next, PolicySource.Cell, null));
        Save(next);
        options.Note($"The policy '{policy.Name}', revision {policy.Revision}, holds now.");
        Changed?.Invoke();
        return null;
    }

    private void TakeKept(KeptPolicy kept)
    {
        var reading = PolicyReader.Read(Encoding.UTF8.GetBytes(kept.Text), kept.Name);
        if (reading.Policy is not { } policy || policy.Revision != kept.Revision) options.Note("The policy kept in the data folder does not compile in this version of the app. It is not applied; the cell is asked for it.");
        else if (policy.Revision < options.Policy.Revision) options.Note($"The kept policy is revision {policy.Revision}; the app came with {options.Policy.Revision}, which holds.");
        else
        {
            held = new Held(policy, kept, PolicySource.Kept, null);
            options.Note($"The policy '{policy.Name}', revision {policy.Revision}, holds as it was kept {(options.Clock.GetUtcNow() - kept.ConfirmedAt).TotalHours:0.0} hours ago.");
        }
    }

    private void Confirm()
    {
        if (Volatile.Read(ref held) is not { Kept: { } kept } mine) return;
        var confirmed = kept with { ConfirmedAt = options.Clock.GetUtcNow() };
        Volatile.Write(ref held, mine with { Kept = confirmed, Source = PolicySource.Cell, Problem = null });
        Save(confirmed);
    }

    private void Problem(string? problem)
    {
        var mine = Volatile.Read(ref held);
        if (problem is not null && problem != mine.Problem) options.Note(problem);
        if (problem != mine.Problem) Volatile.Write(ref held, mine with { Problem = problem });
    }

    private void Save(KeptPolicy policy)
    {
        try
        {
            policy.Write(folder);
        }
        catch (Exception full) when (full is IOException or UnauthorizedAccessException)
        {
            options.Note($"The policy could not be kept in the data folder ({full.GetType().Name}): after a restart without the cell an older one holds.");
        }
    }

    private TimeSpan NextPause() => options.PolicyInterval * (1 - Domain.Limits.PollJitter + (2 * Domain.Limits.PollJitter * jitter.NextDouble()));

    private sealed record Held(CompiledPolicy Policy, KeptPolicy? Kept, PolicySource Source, string? Problem);
}
