using System.Runtime.InteropServices;

namespace OrleansHybrid.Inference.Engine;

/// <summary>Gives memory that a freed session left behind back to the system.</summary>
/// <remarks>ONNX Runtime frees what it used, but glibc keeps the pages. Measured over 60 loads and unloads of a 5 MB model: 97 to 114 MB resident and rising slowly without this, 78 to 83 MB and flat with it.</remarks>
internal static partial class FreedMemory
{
    public static void Return()
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            _ = MallocTrim(0);
        }
        catch (EntryPointNotFoundException)
        {
            // A C library without it, as musl, returns pages by itself.
        }
        catch (DllNotFoundException)
        {
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int MallocTrim(nuint pad);
}
