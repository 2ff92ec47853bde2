using System.Security.Cryptography;
using System.Text;
using OrleansHybrid.Client;

namespace OrleansHybrid.Cli.Node;

/// <summary>A random key in the data folder's <c>operator.key</c> (0600), made at the first start: whoever can read it may change the node. Compared in constant time; never logged.</summary>
internal sealed class OperatorKey
{
    public const string FileName = "operator.key";
    private const int KeyBytes = 32;
    private readonly byte[] key;

    private OperatorKey(byte[] key) => this.key = key;

    public static OperatorKey LoadOrMake(DeviceFolder folder)
    {
        if (folder.TryRead(FileName, Domain.Limits.KeyFileBytesMax) is { } kept && Encoding.UTF8.GetString(kept).Trim() is { Length: >= KeyBytes } text) return new OperatorKey(Encoding.UTF8.GetBytes(text));
        var made = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(KeyBytes));
        folder.Write(FileName, Encoding.UTF8.GetBytes(made + "\n"));
        return new OperatorKey(Encoding.UTF8.GetBytes(made));
    }

    public bool Matches(string presented) => CryptographicOperations.FixedTimeEquals(key, Encoding.UTF8.GetBytes(presented));
}
