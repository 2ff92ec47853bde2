using System.CommandLine;
using OrleansHybrid.Cli.Terminal;
using OrleansHybrid.Links.Bundles.Signing;

namespace OrleansHybrid.Cli.Commands;

/// <summary><c>hybrid sign FOLDER --key FILE</c>: writes <c>model.sig</c> into a version's folder.</summary>
internal static class SignCommand
{
    public static Command Create()
    {
        var folder = SharedOptions.Folder();
        var key = new Option<string>("--key") { Description = "The publisher's private key.", Required = true, HelpName = "FILE" };
        var passphrase = SharedOptions.PassphraseFile();
        var ignore = SharedOptions.Ignore("Path in the folder that is left out of the signature, with all below it. Repeatable.");
        var plain = new Option<bool>("--allow-plain") { Description = "Take a private key that is not encrypted." };
        return new HybridCommand("sign", "Signs all files of a version's folder (OpenSSF Model Signing 1.0).", ["hybrid sign models/keyword/1 --key publisher.key"], (input, cancellationToken) =>
            SignAsync(input.GetValue(folder)!, input.GetValue(key)!, input.GetValue(passphrase), input.GetValue(ignore) ?? [], input.GetValue(plain), cancellationToken))
        { folder, key, passphrase, ignore, plain };
    }

    private static async Task<CommandOutcome> SignAsync(string folder, string keyPath, string? passphraseFile, string[] ignore, bool allowPlain, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder)) return CommandOutcome.Usage($"there is no folder '{folder}'. Give a version's folder, such as models/keyword/1.");
        if (PublisherKeyFile.Read(keyPath, out var problem) is not { } file) return CommandOutcome.Usage(problem!);
        var secret = file.IsEncrypted ? Passphrases.ForKey(keyPath, passphraseFile) : Passphrase.Of("");
        if (secret.Text is not { } passphrase) return secret.Refusal!;
        using var key = file.Open(passphrase, allowPlain, out problem);
        if (key is null) return CommandOutcome.Refused(file.IsEncrypted ? "WrongPassphrase" : "PlainKey", problem!);
        var signed = await HashingBar.RunAsync("signing", progress => BundleSigner.SignAsync(folder, key, ignore, progress, cancellationToken));
        if (signed.Problem is { } refused) return CommandOutcome.Refused(refused);
        var path = BundleSigner.Write(folder, signed.Signature!);
        return CommandOutcome.Ok(
            new Fact("signature", "signed", path),
            new Fact("files", "files", signed.Statement!.Files.Count),
            new Fact("bytes", "bytes", signed.Bytes),
            new Fact("bundle", "bundle", signed.Statement.RootDigest),
            new Fact("key_id", "key id", signed.Statement.KeyId),
            new Fact("next", "next", $"hybrid verify {folder} --key {keyPath}{PublisherKeyFile.PublicSuffix}"));
    }
}
