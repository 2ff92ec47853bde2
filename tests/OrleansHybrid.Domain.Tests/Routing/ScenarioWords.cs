using Xunit;
using System.Globalization;

namespace OrleansHybrid.Domain.Tests.Routing;

/// <summary>One command of a scenario: plain words, then <c>name=value</c> pairs in any order. A pair that no command reads is an error.</summary>
internal sealed class ScenarioWords
{
    private readonly Queue<string> plain = new();
    private readonly Dictionary<string, string> named = new(StringComparer.Ordinal);

    public ScenarioWords(string line)
    {
        foreach (var word in line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var at = word.IndexOf('=');
            if (at < 0) plain.Enqueue(word);
            else named.Add(word[..at], word[(at + 1)..]);
        }
    }

    public string Next() => plain.Dequeue();

    public bool TakeWord(string word)
    {
        if (!plain.Contains(word)) return false;
        var rest = plain.Where(w => w != word).ToArray();
        plain.Clear();
        foreach (var other in rest) plain.Enqueue(other);
        return true;
    }

    public string? Text(string name) => named.Remove(name, out var value) ? value : null;

    public string[] List(string name) => Text(name)?.Split(',', StringSplitOptions.RemoveEmptyEntries) ?? [];

    public double? Number(string name) => Text(name) is { } text ? double.Parse(text, CultureInfo.InvariantCulture) : null;

    public long? Whole(string name) => Text(name) is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : null;

    /// <summary>Pairs such as <c>tag.room=kitchen</c>, without the prefix.</summary>
    public Dictionary<string, string> Prefixed(string prefix)
    {
        var found = named.Where(p => p.Key.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(p => p.Key[prefix.Length..], p => p.Value);
        foreach (var name in found.Keys) named.Remove(prefix + name);
        return found;
    }

    public void Done() => Assert.True(plain.Count == 0 && named.Count == 0, $"unread: {string.Join(' ', plain)} {string.Join(' ', named.Keys)}");
}
