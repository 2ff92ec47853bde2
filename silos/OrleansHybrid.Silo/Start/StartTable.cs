using System.Globalization;
using OrleansHybrid.Silo.Cells;

namespace OrleansHybrid.Silo.Start;

/// <summary>What a person reads once the farm is ready. Plain text, aligned, the same on a terminal and in a file.</summary>
internal static class StartTable
{
    public static void Write(TextWriter output, IReadOnlyList<CellHost> cells, TimeSpan age)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ready in {age.TotalMilliseconds:0} ms"));
    }
}
