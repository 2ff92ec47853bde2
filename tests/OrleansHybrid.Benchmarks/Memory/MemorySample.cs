using System.Globalization;
using System.Runtime.InteropServices;

namespace OrleansHybrid.Benchmarks.Memory;

/// <summary>Where this process' memory is at one moment, bytes.</summary>
/// <param name="Anonymous">Resident pages that no file stands behind: heaps and stacks. The rest of <paramref name="Resident"/> is code and mapped files.</param>
/// <param name="Managed">Committed by the garbage collector when it last ran.</param>
/// <param name="ManagedNow">Objects on the managed heap, those included that nobody holds and no collection took yet.</param>
/// <param name="NativeInUse">Given out by the C library's allocator, mapped chunks included: what native code, ONNX Runtime foremost, holds.</param>
/// <param name="NativeFree">Kept by the allocator for later; resident in part.</param>
internal readonly record struct MemorySample(int Cycle, long Resident, long Anonymous, long Managed, long ManagedNow, long NativeInUse, long NativeFree)
{
    public const string Header = "cycle,resident_kib,anonymous_kib,file_backed_kib,managed_committed_kib,managed_now_kib,native_in_use_kib,native_free_kib";

    public static MemorySample Take(int cycle)
    {
        var rollup = File.ReadLines("/proc/self/smaps_rollup").Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(w => w.Length == 3)
            .ToDictionary(w => w[0], w => long.Parse(w[1], CultureInfo.InvariantCulture) * 1024);
        var native = NativeHeap.Read();
        return new MemorySample(cycle, rollup["Rss:"], rollup["Anonymous:"], GC.GetGCMemoryInfo().TotalCommittedBytes, GC.GetTotalMemory(forceFullCollection: false), native.InUse, native.Free);
    }

    /// <summary>After a full collection: what is left is held.</summary>
    public static MemorySample TakeCollected(int cycle)
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return Take(cycle);
    }

    public string ToCsv() => string.Create(CultureInfo.InvariantCulture,
        $"{Cycle},{Resident >> 10},{Anonymous >> 10},{(Resident - Anonymous) >> 10},{Managed >> 10},{ManagedNow >> 10},{NativeInUse >> 10},{NativeFree >> 10}");

    public static MemorySample Parse(string line)
    {
        var n = Array.ConvertAll(line.Split(','), t => long.Parse(t, CultureInfo.InvariantCulture));
        return new MemorySample((int)n[0], n[1] << 10, n[2] << 10, n[4] << 10, n[5] << 10, n[6] << 10, n[7] << 10);
    }
}

/// <summary>glibc's account of its own heaps.</summary>
internal static partial class NativeHeap
{
    public static (long InUse, long Free) Read()
    {
        var info = MallInfo2();
        return ((long)(info.UordBlks + info.HblkHd), (long)info.FordBlks);
    }

    public static void Trim() => _ = MallocTrim(0);

    [LibraryImport("libc", EntryPoint = "mallinfo2")]
    private static partial Info MallInfo2();

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int MallocTrim(nuint pad);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Info
    {
        public readonly nuint Arena, OrdBlks, SmBlks, Hblks, HblkHd, UsmBlks, FsmBlks, UordBlks, FordBlks, KeepCost;
    }
}
