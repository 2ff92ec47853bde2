using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using OrleansHybrid.Cli.Cells;
using OrleansHybrid.Cli.Terminal;
using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.Links.Bundles.Signing;

namespace OrleansHybrid.Cli.Commands;

/// <summary><c>hybrid push FOLDER</c>: publishes a version, signing it first when a key is given and the signature is missing or stale.</summary>
internal static class PushCommand
{
    public static Command Create()
    {
        var folder = SharedOptions.Folder();
        var key = new Option<string?>("--key") { Description = "The publisher's private key: signs first when model.sig is missing or stale.", HelpName = "FILE" };
        var endorse = new Option<bool>("--endorse") { Description = "With --key: endorse the cell's document key first when no endorsement holds." };
        var wait = new Option<string?>("--wait") { Description = "Wait this long until nodes serve it: 30s, 5m.", HelpName = "DURATION" };
        var passphrase = SharedOptions.PassphraseFile();
        Func<ParseResult, (CellClient? Cell, CommandOutcome? Problem)> open = null!;
        var command = new HybridCommand(
            "push",
            "Publishes a version at the farm's central cell. Broken off, it goes on where it was.",
            ["hybrid push models/keyword/2", "hybrid push models/keyword/2 --key publisher.key --endorse --wait 30s"],
            (input, cancellationToken) => PushAsync(
                new Wanted(input.GetValue(folder)!, input.GetValue(key), input.GetValue(passphrase), input.GetValue(endorse), input.GetValue(wait), () => open(input)), cancellationToken))
        { folder, key, passphrase, endorse, wait };
        open = CellOptions.AddTo(command);
        return command;
    }

    private static async Task<CommandOutcome> PushAsync(Wanted wanted, CancellationToken cancellationToken)
    {
        var full = new DirectoryInfo(Path.TrimEndingDirectorySeparator(Path.GetFullPath(wanted.Folder)));
        if (!full.Exists) return CommandOutcome.Usage($"there is no folder '{wanted.Folder}'. Give a version's folder, such as models/keyword/1.");
        if (!int.TryParse(full.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var version) || full.Parent is null) return CommandOutcome.Usage($"expected a version's folder, <model>/<version>, whose name is a number; came '{wanted.Folder}'.");
        if (wanted.Endorse && wanted.Key is null) return CommandOutcome.Usage("--endorse needs the publisher's key: give it with --key FILE.");
        if (!Durations.TryRead(wanted.Wait, out var wait)) return CommandOutcome.Usage($"expected in --wait a duration such as 30s or 5m; came '{wanted.Wait}'.");
        var (opened, problem) = wanted.Open();
        using var cell = opened;
        if (cell is null) return problem!;
        using var key = wanted.Key is null ? null : SigningKey.Open(wanted.Key, wanted.PassphraseFile, out problem);
        if (problem is not null) return problem;
        if (await SignAsync(full.FullName, wanted.Folder, key, cancellationToken) is { } unsigned) return unsigned;
        if (wanted.Endorse && (await Endorser.EndorseAsync(cell, key!, Endorser.DaysDefault, onlyMissing: true, cancellationToken)).Problem is { } unendorsed) return unendorsed;
        PushRun? run = null;
        var answer = await HashingBar.RunAsync("pushing", progress => (run = new PushRun(cell, full.FullName, full.Parent.Name, version, progress)).RunAsync(cancellationToken));
        return answer.Problem ?? await TellAsync(cell, run!, full.Parent.Name, version, answer.Body!["bundle"]!.GetValue<string>(), wait, cancellationToken);
    }

    /// <summary>Null: the folder is signed, and, where a key is given, by it and as it is now.</summary>
    private static async Task<CommandOutcome?> SignAsync(string folder, string shown, ECDsa? key, CancellationToken cancellationToken)
    {
        if (key is null) return File.Exists(Path.Combine(folder, BundleNames.SignatureFile)) ? null : CommandOutcome.Refused(BundleRefusal.Unsigned.ToString(), $"'{shown}' has no {BundleNames.SignatureFile}. Sign it: hybrid sign {shown} --key FILE, or push with --key FILE");
        var mine = PublisherKey.Read("the signing key", key.ExportSubjectPublicKeyInfoPem(), out _)!;
        var held = await HashingBar.RunAsync("verifying", progress => BundleFolderVerifier.VerifyWholeAsync(folder, [mine], [], progress, cancellationToken));
        if (held.Problem is null) return null;
        var signed = await HashingBar.RunAsync("signing", progress => BundleSigner.SignAsync(folder, key, [], progress, cancellationToken));
        if (signed.Problem is { } refused) return CommandOutcome.Refused(refused);
        BundleSigner.Write(folder, signed.Signature!);
        return null;
    }

    private static async Task<CommandOutcome> TellAsync(CellClient cell, PushRun run, string model, int version, string bundle, TimeSpan? wait, CancellationToken cancellationToken)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{model}@{version}");
        List<Fact> facts = [new("version", "pushed", name), new("bundle", "bundle", bundle), new("bytes", "bytes", run.Bytes)];
        if (run.Breaks > 0) facts.Add(new Fact("resumed", "resumed", run.Breaks));
        if (wait is null) return CommandOutcome.Ok([.. facts, new Fact("next", "next", "hybrid nodes")]);
        var nodes = await ServingNodes.WaitAsync(cell, model, version, wait.Value, cancellationToken);
        if (nodes.Count == 0) return CommandOutcome.Refused("NotServedYet", $"{name} is published, and no node said within {wait} that it serves it. Look at: hybrid nodes");
        return CommandOutcome.Ok([.. facts, new Fact("served_by", "served", string.Join(' ', nodes))]);
    }

    private sealed record Wanted(string Folder, string? Key, string? PassphraseFile, bool Endorse, string? Wait, Func<(CellClient? Cell, CommandOutcome? Problem)> Open);
}
