using OrleansHybrid.Domain;

namespace OrleansHybrid.Inference.Graph;

/// <summary>Distinct refusals, bounded; a graph can have a million of them.</summary>
internal sealed class RefusalList
{
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);
    private readonly List<string> refusals = [];
    private int more;

    public void Add(string refusal)
    {
        if (refusals.Count == Limits.GraphRefusalsMax) more++;
        else if (seen.Add(refusal)) refusals.Add(refusal);
    }

    public void AddRange(IEnumerable<string> several)
    {
        foreach (var refusal in several) Add(refusal);
    }

    public IReadOnlyList<string> Finish() => more == 0 ? refusals : [.. refusals, $"And {more} more."];
}
