using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Silo.Settings;

internal static class DidYouMean
{
    /// <summary>A sentence with the known word that a typing error most likely meant, or an empty text when none is near.</summary>
    public static string Sentence(string given, IEnumerable<string> known) => Spelling.Nearest(given, known) is { } near ? $"Did you mean {near}?" : "";
}
