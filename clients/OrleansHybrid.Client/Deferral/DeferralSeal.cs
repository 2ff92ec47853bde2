using System.Security.Cryptography;
using System.Text;

namespace OrleansHybrid.Client;

/// <summary>Seals what is kept with AES-256-GCM: a fresh nonce each, bound to the name it is kept under, so that a file that was changed, cut or renamed does not open.</summary>
internal sealed class DeferralSeal
{
    public const int KeyBytes = 32;
    private const string KeyFile = "deferral.key";
    private const int NonceBytes = 12, TagBytes = 16;
    private readonly byte[] key;

    private DeferralSeal(byte[] key) => this.key = key;

    /// <exception cref="ArgumentException">The key that the app gave has another length.</exception>
    /// <exception cref="IOException">The key's file is damaged or open to others.</exception>
    public static DeferralSeal From(HybridClientOptions options, DeviceFolder folder)
    {
        if (options.DeferralKey is { } given)
        {
            var key = given().ToArray();
            return key.Length == KeyBytes ? new DeferralSeal(key) : throw new ArgumentException($"DeferralKey: expected {KeyBytes} bytes; came {key.Length}. Give a key of AES-256.");
        }

        if (folder.TryRead(KeyFile, KeyBytes) is { } kept) return kept.Length == KeyBytes ? new DeferralSeal(kept) : throw new IOException($"'{KeyFile}' has {kept.Length} bytes instead of {KeyBytes}. Delete it: what was kept under it is lost, and a new key is made.");
        var made = RandomNumberGenerator.GetBytes(KeyBytes);
        folder.Write(KeyFile, made);
        return new DeferralSeal(made);
    }

    public byte[] Close(ReadOnlySpan<byte> content, string name)
    {
        var sealed_ = new byte[NonceBytes + content.Length + TagBytes];
        RandomNumberGenerator.Fill(sealed_.AsSpan(0, NonceBytes));
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(sealed_.AsSpan(0, NonceBytes), content, sealed_.AsSpan(NonceBytes, content.Length), sealed_.AsSpan(NonceBytes + content.Length), Encoding.UTF8.GetBytes(name));
        return sealed_;
    }

    /// <summary>Null when it was changed, cut or renamed, or sealed with another key.</summary>
    public byte[]? Open(ReadOnlySpan<byte> sealed_, string name)
    {
        if (sealed_.Length < NonceBytes + TagBytes) return null;
        var content = new byte[sealed_.Length - NonceBytes - TagBytes];
        using var aes = new AesGcm(key, TagBytes);
        try
        {
            aes.Decrypt(sealed_[..NonceBytes], sealed_[NonceBytes..^TagBytes], sealed_[^TagBytes..], content, Encoding.UTF8.GetBytes(name));
            return content;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }
}
