using System.Security.Cryptography;
using System.Text;

namespace OrleansHybrid.Domain.Nodes;

/// <summary>A join token as people carry it: <c>hyj_&lt;id&gt;_&lt;secret&gt;_&lt;publishers&gt;</c>. The last part lets the box know the right publishers' keys when it is told them. Pure.</summary>
public static class JoinTokenText
{
    public const string Prefix = "hyj_";
    public const int IdBytes = 6;
    public const int SecretBytes = 24;
    private const int DigestChars = 16;

    public static string Write(ReadOnlySpan<byte> id, ReadOnlySpan<byte> secret, IEnumerable<string> publisherKeyIds) =>
        $"{Prefix}{Convert.ToHexStringLower(id)}_{Convert.ToHexStringLower(secret)}_{DigestOf(publisherKeyIds)}";

    /// <summary>The first 16 hex digits of SHA-256 over the sorted key ids, a line each.</summary>
    public static string DigestOf(IEnumerable<string> publisherKeyIds)
    {
        var text = string.Concat(publisherKeyIds.Order(StringComparer.Ordinal).Select(id => id + "\n"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..DigestChars];
    }

    /// <summary>Whether the text has the form of a token.</summary>
    public static bool TryRead(string text, out string id, out string publishers)
    {
        (id, publishers) = ("", "");
        var parts = text.Split('_');
        if (parts is not ["hyj", var first, var secret, var digest] || first.Length != 2 * IdBytes || secret.Length != 2 * SecretBytes || digest.Length != DigestChars) return false;
        if (!(first + secret + digest).All(char.IsAsciiHexDigitLower)) return false;
        (id, publishers) = (first, digest);
        return true;
    }

    /// <summary>The hash that is kept of it: the secret has 192 random bits, so it needs no salt and no slow hash.</summary>
    public static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(token)));

    /// <summary>In a time that does not depend on where they differ.</summary>
    public static bool SameHash(string one, string other) => CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(one), Encoding.ASCII.GetBytes(other));
}
