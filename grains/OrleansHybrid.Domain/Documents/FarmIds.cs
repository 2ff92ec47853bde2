using System.Security.Cryptography;

namespace OrleansHybrid.Domain.Documents;

/// <summary>A farm's id: <c>farm-</c> and 32 hex digits, random, made once by its authority.</summary>
public static class FarmIds
{
    public const string Prefix = "farm-";
    private const int RandomBytes = 16;

    public static string Make() => Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RandomBytes));

    public static bool IsFarm(string text) =>
        text.Length == Prefix.Length + (2 * RandomBytes) && text.StartsWith(Prefix, StringComparison.Ordinal) && text.AsSpan(Prefix.Length).IndexOfAnyExcept("0123456789abcdef") < 0;
}
