namespace OrleansHybrid.Domain.Tensors;

/// <summary>A counted hold on pooled, pinned memory: the payload of one tensor.</summary>
/// <remarks>
/// A caller whose deadline passes goes on while the engine's <c>Run</c> still reads the bytes. So each party that touches the memory holds a
/// count of its own, and the memory returns to the pool when the last is released; otherwise a late run would read another tenant's bytes.
/// <list type="bullet">
/// <item>A callee borrows: the caller's count keeps the memory alive until the call returns. Work that outlives the call takes <see cref="Share"/> first.</item>
/// <item>Leases in an answer belong to whoever receives it.</item>
/// <item>Releasing more often than held, or touching released memory, throws: it is a bug, never an expected failure.</item>
/// </list>
/// </remarks>
public sealed class TensorLease : IDisposable
{
    private readonly TensorPool? pool;
    private readonly byte[] buffer;
    private int holders = 1;

    internal TensorLease(TensorPool? pool, byte[] buffer, int length)
    {
        this.pool = pool;
        this.buffer = buffer;
        Length = length;
    }

    /// <summary>A lease over fresh memory that belongs to no pool: the garbage collector takes it when the last reference is gone, so nobody need release it.</summary>
    /// <remarks>For payloads whose receiver does not count holds: what arrived by serialisation, and answers that leave by it.</remarks>
    public static TensorLease Unpooled(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        return new TensorLease(null, GC.AllocateUninitializedArray<byte>(bytes, pinned: true), bytes);
    }

    /// <summary>Whether the memory returns to a pool, and so whether a hold that is never released is missed there.</summary>
    public bool IsPooled => pool is not null;

    /// <summary>Bytes of the payload (the pooled buffer may be longer).</summary>
    public int Length { get; }

    /// <summary>How many holds are open; 0 once the memory went back.</summary>
    public int Holders => Volatile.Read(ref holders);

    /// <summary>The payload. The array behind it is pinned, so its address does not change while a hold is open.</summary>
    public Memory<byte> Memory
    {
        get
        {
            ObjectDisposedException.ThrowIf(Holders == 0, this);
            return buffer.AsMemory(0, Length);
        }
    }

    public Span<byte> Span => Memory.Span;

    /// <summary>Takes one more hold and returns this lease, to be released once more.</summary>
    public TensorLease Share()
    {
        int seen;
        do
        {
            seen = Volatile.Read(ref holders);
            ObjectDisposedException.ThrowIf(seen == 0, this);
        }
        while (Interlocked.CompareExchange(ref holders, seen + 1, seen) != seen);
        return this;
    }

    /// <summary>Gives one hold back.</summary>
    public void Release()
    {
        var left = Interlocked.Decrement(ref holders);
        ObjectDisposedException.ThrowIf(left < 0, this);
        if (left == 0) pool?.Return(buffer);
    }

    void IDisposable.Dispose() => Release();
}
