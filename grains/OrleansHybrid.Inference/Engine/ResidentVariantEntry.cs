using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Inference.Engine;

/// <summary>One variant that a <see cref="ResidentEngine"/> knows: in memory with so many runs, or out of it.</summary>
/// <remarks>Pins are free of locks, since every run takes one; what else can be set is guarded by the engine's lock.</remarks>
internal sealed class ResidentVariantEntry(LoadedVariant loaded, long bytes, ReadVariantAgain? again, VariantStatistics statistics, long now)
{
    private const int Out = -1;
    private int pins;
    private long lastUsed = now;

    public VariantKey Key => Loaded.Key;

    public LoadedVariant Loaded { get; private set; } = loaded;

    public long Bytes => bytes;

    public ReadVariantAgain? Again => again;

    public VariantStatistics Statistics => statistics;

    public bool IsResident => Volatile.Read(ref pins) != Out;

    /// <summary>Done when the engine below has freed it.</summary>
    public Task Leaving { get; set; } = Task.CompletedTask;

    /// <summary>The load under way, which all that ask for it wait for.</summary>
    public Task<InferenceFailure?>? Loading { get; set; }

    /// <summary>Why the last load failed, and when.</summary>
    public (InferenceFailure Failure, long At)? LastFailure { get; set; }

    public VariantState State => new(Loaded, statistics) { Bytes = bytes, IsResident = IsResident };

    public ResidentVariant Described => new(Key, IsResident ? bytes : 0, Volatile.Read(ref lastUsed), again is not null && Volatile.Read(ref pins) == 0);

    /// <summary>Keeps it in memory until <see cref="Unpin"/>. False: it is out.</summary>
    public bool TryPin()
    {
        int seen;
        do
        {
            seen = Volatile.Read(ref pins);
            if (seen == Out) return false;
        }
        while (Interlocked.CompareExchange(ref pins, seen + 1, seen) != seen);
        return true;
    }

    /// <returns>Whether nothing keeps it any more.</returns>
    public bool Unpin(long now)
    {
        Volatile.Write(ref lastUsed, now);
        return Interlocked.Decrement(ref pins) == 0;
    }

    /// <summary>From now on it is out. False: something runs, or it was out.</summary>
    public bool TryTakeOut() => Interlocked.CompareExchange(ref pins, Out, 0) == 0;

    public void TakeIn(LoadedVariant again, long now)
    {
        (Loaded, LastFailure) = (again, null);
        Volatile.Write(ref lastUsed, now);
        Volatile.Write(ref pins, 0);
    }
}
