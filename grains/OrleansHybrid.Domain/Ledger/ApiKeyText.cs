using System.Security.Cryptography;
using System.Text;

namespace OrleansHybrid.Domain.Ledger;

/// <summary>A key as callers send it: <c>hyb_&lt;id&gt;_&lt;secret&gt;</c>. The prefix lets scanners find one that leaked; the id is public and names the key. Pure.</summary>
public static class ApiKeyText
{
    public const string Prefix = "hyb_";

    /// <summary>Random bytes of an id: enough that ids of one cell never meet.</summary>
    public const int IdBytes = 6;

    /// <summary>Random bytes of a secret.</summary>
    public const int SecretBytes = 32;

    private const int IdChars = 2 * IdBytes;
    private const int KeyChars = 4 + IdChars + 1 + (2 * SecretBytes);

    public static string Write(ReadOnlySpan<byte> id, ReadOnlySpan<byte> secret) => $"{Prefix}{Convert.ToHexStringLower(id)}_{Convert.ToHexStringLower(secret)}";

    /// <summary>Whether the text has the form of a key; <paramref name="id"/> is then its id.</summary>
    public static bool TryReadId(ReadOnlySpan<char> text, out ReadOnlySpan<char> id)
    {
        id = default;
        if (text.Length != KeyChars || !text.StartsWith(Prefix, StringComparison.Ordinal) || text[Prefix.Length + IdChars] != '_') return false;
        id = text.Slice(Prefix.Length, IdChars);
        return true;
    }

    /// <summary>The hash that is stored.</summary>
    public static string HashOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(key)));

    /// <summary>Whether the presented key has the hash, in a time that does not depend on where they differ. Without allocation.</summary>
    /// <param name="hash">SHA-256, as bytes.</param>
    public static bool Matches(ReadOnlySpan<char> presented, ReadOnlySpan<byte> hash)
    {
        Span<byte> text = stackalloc byte[KeyChars];
        Span<byte> own = stackalloc byte[SHA256.HashSizeInBytes];
        if (presented.Length != KeyChars || Encoding.ASCII.GetBytes(presented, text) != KeyChars) return false;
        SHA256.HashData(text, own);
        return CryptographicOperations.FixedTimeEquals(own, hash);
    }
}
