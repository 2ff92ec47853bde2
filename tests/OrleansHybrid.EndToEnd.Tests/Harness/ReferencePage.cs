using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Harness;

/// <summary>A table in a page of docs/reference that is generated from the code, between markers. With REGENERATE=1 the page is rewritten instead of compared.</summary>
internal static class ReferencePage
{
    public static void AssertHolds(string page, string marker, IEnumerable<string> rows)
    {
        var path = Path.Combine(RepositoryRoot.Path, "docs", "reference", page);
        var text = File.ReadAllText(path);
        string open = $"<!-- {marker} -->\n", close = $"<!-- /{marker} -->";
        var start = text.IndexOf(open, StringComparison.Ordinal) + open.Length;
        var end = text.IndexOf(close, StringComparison.Ordinal);
        var table = string.Concat(rows.Select(row => row + "\n"));

        if (Environment.GetEnvironmentVariable("REGENERATE") == "1") File.WriteAllText(path, text[..start] + table + text[end..]);
        else Assert.Equal(table, text[start..end]);
    }
}
