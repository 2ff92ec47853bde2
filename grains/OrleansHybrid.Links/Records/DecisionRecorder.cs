using OrleansHybrid.Domain.Routing;

namespace OrleansHybrid.Links.Records;

/// <summary>Leaves a record of the decisions that <see cref="DecisionSampler"/> chooses. A request that is not chosen costs a look-up and a hash.</summary>
public sealed class DecisionRecorder(RecordLog<DecisionRecord> log) : IRequestObserver
{
    private readonly DecisionSampler sampler = new();

    public void AttemptEnded(in AttemptReport attempt)
    {
    }

    public void RequestEnded(in RequestReport report)
    {
        var (kept, weight) = DecisionRules.Choose(report, sampler);
        if (weight > 0) log.Write(DecisionRules.Record(report, kept, weight));
    }
}
