using System.Collections.Concurrent;
using System.Numerics;

namespace OrleansHybrid.Domain.Tensors;

/// <summary>Pinned buffers in powers of two, reused across requests and bounded by <see cref="Limits.PooledTensorBytes"/>.</summary>
/// <param name="keepBytesMax">How many bytes of free buffers are kept; more are left to the garbage collector.</param>
/// <param name="poison">Overwrite a returned buffer with <see cref="PoisonByte"/>: a test then sees a late reader at once.</param>
public sealed class TensorPool(long keepBytesMax = Limits.PooledTensorBytes, bool poison = false)
{
    public const byte PoisonByte = 0xDB;
    private const int SmallestBytes = 256;

    private readonly ConcurrentBag<byte[]>[] free = Enumerable.Range(0, 32).Select(_ => new ConcurrentBag<byte[]>()).ToArray();
    private long keptBytes;
    private long leased;

    /// <summary>The pool of a process that needs no other.</summary>
    public static TensorPool Shared { get; } = new();

    /// <summary>Leases that are out; 0 when nothing is in flight.</summary>
    public long Leased => Volatile.Read(ref leased);

    /// <summary>Rents <paramref name="bytes"/> bytes, whose content is undefined, with one hold for the caller.</summary>
    public TensorLease Rent(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        Interlocked.Increment(ref leased);
        var capacity = (int)Math.Min(BitOperations.RoundUpToPowerOf2((uint)Math.Max(bytes, SmallestBytes)), (uint)Array.MaxLength);
        if (free[SizeClass(capacity)].TryTake(out var buffer)) Interlocked.Add(ref keptBytes, -buffer.Length);
        else buffer = GC.AllocateUninitializedArray<byte>(capacity, pinned: true);
        return new TensorLease(this, buffer, bytes);
    }

    /// <summary>A lease over a copy of <paramref name="content"/>.</summary>
    public TensorLease Copy(ReadOnlySpan<byte> content)
    {
        var lease = Rent(content.Length);
        content.CopyTo(lease.Span);
        return lease;
    }

    internal void Return(byte[] buffer)
    {
        Interlocked.Decrement(ref leased);
        if (poison) buffer.AsSpan().Fill(PoisonByte);
        if (Interlocked.Add(ref keptBytes, buffer.Length) <= keepBytesMax) free[SizeClass(buffer.Length)].Add(buffer);
        else Interlocked.Add(ref keptBytes, -buffer.Length);
    }

    private static int SizeClass(int capacity) => BitOperations.Log2((uint)capacity);
}
