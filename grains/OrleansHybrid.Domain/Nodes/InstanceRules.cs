namespace OrleansHybrid.Domain.Nodes;

/// <summary>One run of a node or region, as it presents itself.</summary>
/// <param name="Boot">Random at each start.</param>
/// <param name="Previous">The runs before it, newest first, back to the last of which a check-in was answered: a run that never reached its cell is no break.</param>
[GenerateSerializer, Immutable, Alias("hybrid.node-instance")]
public sealed record NodeInstance([property: Id(0)] string Boot, [property: Id(1)] IReadOnlyList<string> Previous)
{
    /// <summary>As it travels: newest first, separated by commas.</summary>
    public static NodeInstance Parse(string boot, string previous) => new(boot, previous.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    public string PreviousText => string.Join(',', Previous);
}

/// <summary>What a presented run is to the one that is known.</summary>
public enum InstanceVerdict
{
    /// <summary>None was known.</summary>
    First,
    Same,

    /// <summary>It follows the known one.</summary>
    Successor,

    /// <summary>It follows another one: a copy of the identity. The known one is alive, so this one is refused.</summary>
    Copy,

    /// <summary>It follows another one, and the known one has been silent for long: the identity was restored from a backup.</summary>
    Restored,
}

/// <summary>Tells two copies of one identity apart. Pure.</summary>
/// <remarks>Of two copies started from one backup the first to call follows the run that is known, and the second then follows a run that is not known any more: exactly one is let in, whatever the order.</remarks>
public static class InstanceRules
{
    /// <param name="known">The boot of the run that was let in last; empty: none.</param>
    /// <param name="silence">How long that run has been silent, by the receiver's steady clock; since the receiver began to listen where it heard nothing yet.</param>
    public static InstanceVerdict Judge(string known, NodeInstance presented, TimeSpan silence)
    {
        if (known.Length == 0) return InstanceVerdict.First;
        if (presented.Boot == known) return InstanceVerdict.Same;
        if (presented.Previous.Contains(known)) return InstanceVerdict.Successor;
        return silence < Limits.InstanceQuietMin ? InstanceVerdict.Copy : InstanceVerdict.Restored;
    }

    /// <summary>What a refused copy is told.</summary>
    public static string WhyRefused(string name) =>
        $"Another copy of '{name}' is at work with the same credential. Stop one of the two and enrol it anew with a join token; a restored one is let in when the other has been silent for {Limits.InstanceQuietMin.TotalMinutes:0} minutes.";
}
