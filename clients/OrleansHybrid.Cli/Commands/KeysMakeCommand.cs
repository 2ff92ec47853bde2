using System.CommandLine;
using OrleansHybrid.Cli.Terminal;
using OrleansHybrid.Links.Bundles.Signing;

namespace OrleansHybrid.Cli.Commands;

/// <summary><c>hybrid keys make</c>: a publisher's key, encrypted, and its public half beside it.</summary>
internal static class KeysMakeCommand
{
    private const string DefaultPath = "publisher.key";
    private const string P256 = "p256";
    private const string P384 = "p384";

    public static Command Create()
    {
        var path = new Option<string>("--out") { Description = "File for the private key; the public half goes beside it, with '.pub' after the name.", DefaultValueFactory = _ => DefaultPath, HelpName = "PATH" };
        var curve = new Option<string>("--curve") { Description = "Curve of the key.", DefaultValueFactory = _ => P256, HelpName = "p256|p384" };
        curve.AcceptOnlyFromAmong(P256, P384);
        var passphrase = SharedOptions.PassphraseFile();
        return new HybridCommand("make", "Makes a publisher's key: ECDSA, encrypted with a passphrase.", ["hybrid keys make --out publisher.key"], (input, _) =>
        {
            var secret = Passphrases.ForNewKey(input.GetValue(passphrase));
            return Task.FromResult(secret.Text is { } text ? Make(input.GetValue(path)!, input.GetValue(curve) == P384 ? PublisherCurve.P384 : PublisherCurve.P256, text) : secret.Refusal!);
        }) { path, curve, passphrase };
    }

    private static CommandOutcome Make(string path, PublisherCurve curve, string passphrase)
    {
        if (PublisherKeyFile.Make(path, curve, passphrase, out var problem) is not { } key) return CommandOutcome.Usage(problem!);
        return CommandOutcome.Ok(
            new Fact("private_key", "private", path),
            new Fact("public_key", "public", key.Name),
            new Fact("curve", "curve", curve == PublisherCurve.P384 ? "P-384" : "P-256"),
            new Fact("key_id", "key id", key.KeyId),
            new Fact("next", "next", $"Copy {key.Name} into the publishers' folder of each cell that is to trust this key: 'publishers' beside its data folder, or where --publishers says. The private key and its passphrase stay here: no cell needs them."));
    }
}
