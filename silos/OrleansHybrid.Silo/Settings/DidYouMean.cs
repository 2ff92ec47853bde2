namespace OrleansHybrid.Silo.Settings;

/// <summary>Finds the known word that a typing error most likely meant.</summary>
internal static class DidYouMean
{
    private const int EditsMax = 3;

    /// <summary>A sentence with the nearest known word, or an empty text when none is near.</summary>
    public static string Sentence(string given, IEnumerable<string> known)
    {
        var nearest = known.Select(word => (word, edits: Edits(given, word))).OrderBy(c => c.edits).FirstOrDefault();
        var near = nearest.word is not null && nearest.edits <= Math.Min(EditsMax, given.Length / 2);
        return near ? $"Did you mean {nearest.word}?" : "";
    }

    /// <summary>Levenshtein's distance: single letters inserted, removed or replaced.</summary>
    private static int Edits(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var replaced = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[^1];
    }
}
