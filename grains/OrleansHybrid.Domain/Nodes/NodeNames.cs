namespace OrleansHybrid.Domain.Nodes;

/// <summary>What names of nodes, cells and regions look like: one label of DNS.</summary>
public static class NodeNames
{
    public const string Rule = "Use at most 63 lower-case letters, digits and single dashes, beginning with a letter.";

    public static bool IsName(string text) =>
        text.Length is > 0 and <= Limits.NodeNameCharsMax && char.IsAsciiLetterLower(text[0]) && text[^1] != '-' && !text.Contains("--", StringComparison.Ordinal)
        && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
}
