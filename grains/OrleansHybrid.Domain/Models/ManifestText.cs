using System.Text;

namespace OrleansHybrid.Domain.Models;

/// <summary>How errors show what came: short, on one line, in quotes.</summary>
public static class ManifestText
{
    private const int ShownCharsMax = 60;

    public static string Quote(string text)
    {
        var shown = new StringBuilder("'");
        foreach (var c in text.Length > ShownCharsMax ? text.AsSpan(0, ShownCharsMax) : text)
        {
            shown.Append(char.IsControl(c) || char.IsSurrogate(c) ? '?' : c);
        }

        return shown.Append(text.Length > ShownCharsMax ? "…'" : "'").ToString();
    }

    /// <summary><c>one of a, b, c</c>, or <c>none</c>; at most the first twenty.</summary>
    public static string OneOf(IEnumerable<string> names)
    {
        var list = names.Take(21).ToList();
        if (list.Count == 0) return "none";
        var shown = string.Join(", ", list.Take(20));
        return list.Count > 20 ? $"one of {shown}, …" : list.Count == 1 ? shown : $"one of {shown}";
    }
}
