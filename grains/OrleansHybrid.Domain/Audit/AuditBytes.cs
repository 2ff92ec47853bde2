using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace OrleansHybrid.Domain.Audit;

/// <summary>What an entry's hash is taken over. Written down, so that anybody can check the log without this program.</summary>
/// <remarks>
/// Eleven fields in this order: the form (<see cref="Form"/>), sequence, at, operation, who, what, subject, from, to, why, the hash of the entry before. Each is its
/// length in bytes as four bytes, highest first, then its UTF-8. The sequence is decimal digits; the time is UTC as <c>2026-01-05T12:00:00.0000000Z</c>, seven digits after
/// the point. With a length before each field no two entries share their bytes. A string that is not well formed (half a surrogate pair) has no bytes.
/// </remarks>
public static class AuditBytes
{
    public const string Form = "orleanshybrid.audit.v1";
    private const string TimeForm = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";

    /// <summary>Throws instead of replacing, which would give two texts the same bytes.</summary>
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The bytes, or null when a field is not well formed.</summary>
    public static byte[]? Of(AuditEntry entry)
    {
        var (at, change) = (TimeText(entry.At), entry.Change);
        string[] fields =
        [
            Form, entry.Sequence.ToString(CultureInfo.InvariantCulture), at, entry.Operation,
            change.Who, change.What, change.Subject, change.From, change.To, change.Why, entry.Previous,
        ];
        return Array.TrueForAll(fields, IsWellFormed) ? Write(fields) : null;
    }

    /// <summary>The entry's hash by its own fields; null when a field is not well formed.</summary>
    public static string? HashOf(AuditEntry entry) => Of(entry) is { } bytes ? Convert.ToHexStringLower(SHA256.HashData(bytes)) : null;

    public static string TimeText(DateTimeOffset at) => at.UtcDateTime.ToString(TimeForm, CultureInfo.InvariantCulture);

    internal static bool IsWellFormed(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (!char.IsHighSurrogate(text[i]) || i + 1 == text.Length || !char.IsLowSurrogate(text[++i])) return false;
        }

        return true;
    }

    private static byte[] Write(string[] fields)
    {
        var bytes = new byte[fields.Sum(f => sizeof(int) + Utf8.GetByteCount(f))];
        var rest = bytes.AsSpan();
        foreach (var field in fields)
        {
            var length = Utf8.GetBytes(field, rest[sizeof(int)..]);
            BinaryPrimitives.WriteInt32BigEndian(rest, length);
            rest = rest[(sizeof(int) + length)..];
        }

        return bytes;
    }
}
