using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Nodes;

namespace OrleansHybrid.Links.Fleet;

/// <summary>A node's check-ins, for as long as it runs: paced by the cell's answers, spread by <see cref="Limits.PollJitter"/>, a whole report only when something changed or the cell wants it.</summary>
/// <remarks>A call that fails is repeated after a pause that doubles; what the cell says of when to call again counts before that. Nothing here ends because a cell refuses: an operator can repair that.</remarks>
/// <example><code>
/// var loop = new CheckInLoop(client, file, file.Begin(file.Read()!), Describe, TimeProvider.System, seed: Environment.ProcessId);
/// loop.DocumentsSeen += revision => follower.Wake(revision);
/// await loop.RunAsync(stopping.Token);
/// </code></example>
/// <param name="describe">The node as it is now; epoch and sequence are put in here.</param>
/// <param name="seed">Of the jitter.</param>
public sealed class CheckInLoop(FleetClient client, INodeIdentityStore file, StoredNode node, Func<NodeReport> describe, TimeProvider clock, int seed)
{
    /// <summary>Calls in a row that are repeated at once because the cell asked for more: what is missing is settled in two.</summary>
    private const int HurriedMax = 3;

    private readonly Random jitter = new(seed);
    private StoredNode current = node;
    private long sequence;
    private NodeReport? told;
    private long toldSequence;
    private bool wanted;
    private int failures;
    private int hurried;

    /// <summary>After each answer: the revision of documents that the cell has. Handlers must be short.</summary>
    public event Action<long>? DocumentsSeen;

    /// <summary>After each call that failed, with why. Handlers must be short.</summary>
    public event Action<InferenceFailure>? Failed;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                await Task.Delay(await CheckInAsync(cancellationToken).ConfigureAwait(false), clock, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
    }

    /// <summary>One check-in. Returns how long to wait before the next.</summary>
    public async Task<TimeSpan> CheckInAsync(CancellationToken cancellationToken)
    {
        var report = describe() with { Epoch = current.Epoch, Sequence = ++sequence };
        var whole = wanted || told is null || NodeTwinRules.Differs(told, report) || told.Energy != report.Energy;
        var answer = await client.CheckInAsync(new CheckInMessage(current.Instance, current.Epoch, sequence, report.DocumentsRevision, whole ? report : null, null, toldSequence), cancellationToken).ConfigureAwait(false);
        return answer.Failure is { } failure ? BackOff(failure) : Take(answer, report, whole);
    }

    private TimeSpan Take(CheckInAnswer answer, NodeReport report, bool whole)
    {
        failures = 0;
        DocumentsSeen?.Invoke(answer.DocumentsRevision);
        wanted = answer.Verdict != CheckInVerdict.Accepted;
        if (answer.Verdict == CheckInVerdict.OutOfOrder) GoAbove(answer.Epoch, answer.Sequence);
        if (wanted) return hurried++ < HurriedMax ? TimeSpan.Zero : Spread(Limits.CheckInIntervalMin);
        hurried = 0;
        if (whole) (told, toldSequence) = (report, report.Sequence);
        if (!current.Answered) Keep(current with { Answered = true });
        return Spread(answer.Next);
    }

    /// <summary>The order goes on above what the cell knows: the identity came from a backup, or an answer was lost.</summary>
    private void GoAbove(long epoch, long knownSequence)
    {
        if (epoch == current.Epoch) sequence = Math.Max(sequence, knownSequence);
        if (epoch <= current.Epoch) return;
        sequence = 0;
        Keep(current with { Epoch = epoch + 1 });
    }

    private void Keep(StoredNode next)
    {
        file.Write(next);
        current = next;
    }

    private TimeSpan BackOff(InferenceFailure failure)
    {
        Failed?.Invoke(failure);
        var pause = Limits.CheckInBackOffMin * Math.Pow(2, Math.Min(failures++, 16));
        if (pause > Limits.CheckInIntervalMax) pause = Limits.CheckInIntervalMax;
        return Spread(failure.RetryAfter > pause ? failure.RetryAfter.Value : pause);
    }

    private TimeSpan Spread(TimeSpan time)
    {
        var least = time > Limits.CheckInBackOffMin ? time : Limits.CheckInBackOffMin;
        return least * (1 + (Limits.PollJitter * ((2 * jitter.NextDouble()) - 1)));
    }
}
