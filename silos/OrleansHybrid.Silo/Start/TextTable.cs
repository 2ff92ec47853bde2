namespace OrleansHybrid.Silo.Start;

/// <summary>Columns as wide as their widest cell, two spaces apart.</summary>
internal static class TextTable
{
    public static void Write(TextWriter output, IReadOnlyList<string> heads, IEnumerable<string[]> rows)
    {
        string[][] lines = [[.. heads.Select(h => h.ToUpperInvariant())], .. rows];
        var widths = Enumerable.Range(0, heads.Count).Select(i => lines.Max(l => l[i].Length)).ToArray();
        foreach (var line in lines) output.WriteLine("  " + string.Join("  ", line.Select((text, i) => text.PadRight(widths[i]))).TrimEnd());
    }
}
