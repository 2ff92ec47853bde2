namespace OrleansHybrid.FleetSimulator.Answers;

/// <summary>Which answers one node gave so far: drawn from the recording at the scenario's rate, whenever the node looks.</summary>
public sealed class NodeAnswers(AnswerRecording recording, double perMinute, Random random, TimeProvider clock)
{
    private const int AtOnceMax = 10_000;
    private readonly Lock gate = new();
    private readonly Dictionary<string, long> byLabel = new(StringComparer.Ordinal);
    private long lookedAt = clock.GetTimestamp();
    private double owed;
    private long right;
    private double confidence;

    public long Count { get; private set; }

    public long Right
    {
        get { lock (gate) return right; }
    }

    public double MeanConfidence
    {
        get { lock (gate) return Count == 0 ? 0 : confidence / Count; }
    }

    public IReadOnlyDictionary<string, long> ByLabel
    {
        get { lock (gate) return new Dictionary<string, long>(byLabel); }
    }

    /// <summary>Answers what callers asked since the last look, with what serves now; nothing while nothing that was recorded serves.</summary>
    public void Catch(string? servedGraph)
    {
        lock (gate)
        {
            var now = clock.GetTimestamp();
            var minutes = clock.GetElapsedTime(lookedAt, now).TotalMinutes;
            lookedAt = now;
            if (servedGraph is null || recording.Find(servedGraph) is not { Answers.Count: > 0 } variant) return;
            owed = Math.Min(AtOnceMax, owed + (minutes * perMinute));
            for (; owed >= 1; owed--) Give(variant.Answers[random.Next(variant.Answers.Count)]);
        }
    }

    private void Give(RecordedAnswer answer)
    {
        Count++;
        confidence += answer.Confidence;
        if (answer.IsRight) right++;
        byLabel[answer.Label] = byLabel.GetValueOrDefault(answer.Label) + 1;
    }
}
