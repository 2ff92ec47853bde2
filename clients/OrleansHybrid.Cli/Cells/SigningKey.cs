using System.Security.Cryptography;
using OrleansHybrid.Cli.Terminal;
using OrleansHybrid.Links.Bundles.Signing;

namespace OrleansHybrid.Cli.Cells;

/// <summary>Opens a publisher's private key, with its passphrase from where passphrases come from.</summary>
internal static class SigningKey
{
    /// <returns>The key, which the caller disposes, or why it cannot be had.</returns>
    public static ECDsa? Open(string path, string? passphraseFile, out CommandOutcome? problem)
    {
        problem = null;
        if (PublisherKeyFile.Read(path, out var why) is not { } file)
        {
            problem = CommandOutcome.Usage(why!);
            return null;
        }

        var secret = file.IsEncrypted ? Passphrases.ForKey(path, passphraseFile) : Passphrase.Of("");
        if (secret.Text is not { } passphrase)
        {
            problem = secret.Refusal;
            return null;
        }

        var key = file.Open(passphrase, allowPlain: false, out why);
        if (key is null) problem = CommandOutcome.Refused(file.IsEncrypted ? "WrongPassphrase" : "PlainKey", why!);
        return key;
    }
}
