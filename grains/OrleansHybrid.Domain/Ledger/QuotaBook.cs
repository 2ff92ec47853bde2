namespace OrleansHybrid.Domain.Ledger;

/// <summary>What one tenant's quotas have given to silos: the windows that can still be asked for.</summary>
/// <param name="MinutesOver">The last minute that was closed; it and those before it give nothing any more.</param>
/// <param name="DaysOver">The last day that was closed.</param>
[GenerateSerializer, Immutable, Alias("hybrid.quota-book")]
public sealed record QuotaBook(
    [property: Id(0)] IReadOnlyList<QuotaWindow> Windows,
    [property: Id(1)] long MinutesOver,
    [property: Id(2)] long DaysOver)
{
    public static QuotaBook Empty { get; } = new([], long.MinValue, long.MinValue);

    public QuotaWindow? Find(QuotaKind kind, long index) => Windows.FirstOrDefault(w => w.Kind == kind && w.Index == index);

    internal long LastOver(QuotaKind kind) => kind == QuotaKind.RequestsPerMinute ? MinutesOver : DaysOver;
}

/// <param name="Closed">Given to silos that ended: it counts as spent, since nobody knows how much of it was.</param>
[GenerateSerializer, Immutable, Alias("hybrid.quota-window")]
public sealed record QuotaWindow(
    [property: Id(0)] QuotaKind Kind,
    [property: Id(1)] long Index,
    [property: Id(2)] long Closed,
    [property: Id(3)] IReadOnlyList<QuotaHolder> Holders)
{
    public long Granted => Closed + Holders.Sum(h => h.Granted);
}

/// <summary>What one silo may spend of a window, all in all.</summary>
[GenerateSerializer, Immutable, Alias("hybrid.quota-holder")]
public sealed record QuotaHolder([property: Id(0)] string Silo, [property: Id(1)] long Epoch, [property: Id(2)] long Sequence, [property: Id(3)] long Granted);

/// <summary>A silo asks for a part of a window, or gives some back: both state what it wants to hold beyond what it used.</summary>
/// <param name="Epoch">Grows at each start of the silo.</param>
/// <param name="Sequence">Grows with each question, so that a late one changes nothing.</param>
/// <param name="Quota">The whole quota, by the silo's policy.</param>
/// <param name="Used">What the silo used of the window so far.</param>
/// <param name="Hold">What it wants to be able to use beyond that. It uses no more than this from the moment it asks, unless it was granted more before.</param>
[GenerateSerializer, Immutable, Alias("hybrid.quota-ask")]
public sealed record QuotaAsk(
    [property: Id(0)] string Silo,
    [property: Id(1)] long Epoch,
    [property: Id(2)] long Sequence,
    [property: Id(3)] QuotaKind Kind,
    [property: Id(4)] long Window,
    [property: Id(5)] long Quota,
    [property: Id(6)] long Used,
    [property: Id(7)] long Hold);

/// <param name="Limit">What the silo may use of the window, all in all.</param>
/// <param name="Free">What no silo holds at this moment.</param>
/// <param name="Epoch">The silo's start that is known. Higher than the one that asked when its clock went back between two starts: it goes on above.</param>
[GenerateSerializer, Immutable, Alias("hybrid.quota-grant")]
public sealed record QuotaGrant(
    [property: Id(0)] QuotaVerdict Verdict,
    [property: Id(1)] long Window,
    [property: Id(2)] long Limit,
    [property: Id(3)] long Free,
    [property: Id(4)] long Epoch);

public enum QuotaVerdict
{
    Granted,

    /// <summary>The window is over, or too far off: the silo's and the grain's clocks differ by more than a window.</summary>
    OutOfTime,

    /// <summary>A later start of the same silo is known.</summary>
    OldStart,
}
