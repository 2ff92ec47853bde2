using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace OrleansHybrid.Domain.Audit;

/// <summary>Brings a change into the bounds of an entry. What is cut shows it, with the length and digest of the whole, so that the whole can still be told from another.</summary>
public static class AuditText
{
    public static AuditChange Fit(AuditChange change) => new(
        Fit(change.Who, Limits.AuditNameCharsMax),
        Fit(change.What, Limits.AuditNameCharsMax),
        Fit(change.Subject, Limits.AuditSubjectCharsMax),
        Fit(change.From, Limits.AuditTextCharsMax),
        Fit(change.To, Limits.AuditTextCharsMax),
        Fit(change.Why, Limits.AuditTextCharsMax));

    /// <summary>At most that many characters, and well formed: half a surrogate pair becomes U+FFFD.</summary>
    public static string Fit(string text, int charsMax)
    {
        if (text.Length > charsMax) text = Cut(text, charsMax);
        return AuditBytes.IsWellFormed(text) ? text : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
    }

    private static string Cut(string text, int charsMax)
    {
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        var tail = string.Create(CultureInfo.InvariantCulture, $"… (cut; {text.Length} characters, sha256:{digest})");
        var kept = charsMax - tail.Length;
        if (char.IsHighSurrogate(text[kept - 1])) kept--;
        return text[..kept] + tail;
    }
}
