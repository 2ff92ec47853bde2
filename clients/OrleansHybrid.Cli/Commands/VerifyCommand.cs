using System.CommandLine;
using OrleansHybrid.Cli.Terminal;
using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.Links.Bundles.Signing;

namespace OrleansHybrid.Cli.Commands;

/// <summary><c>hybrid verify FOLDER</c>: whether a version's folder is what a trusted publisher signed, whole.</summary>
internal static class VerifyCommand
{
    private const string DefaultPublishers = "publishers";

    public static Command Create()
    {
        var folder = SharedOptions.Folder();
        var publishers = new Option<string?>("--publishers") { Description = "Folder of the public keys that are trusted (*.pub, *.pem). Default: 'publishers' here.", HelpName = "FOLDER" };
        var key = new Option<string?>("--key") { Description = "One public key in place of a folder.", HelpName = "PUB" };
        var ignore = SharedOptions.Ignore("Path in the folder that is not looked at, with all below it. Repeatable.");
        return new HybridCommand(
            "verify",
            "Verifies that a version's folder is what a trusted publisher signed: no file altered, missing or extra.",
            ["hybrid verify models/keyword/1 --key publisher.key.pub", "hybrid verify models/keyword/1 --publishers publishers --output json"],
            (input, cancellationToken) => VerifyAsync(input.GetValue(folder)!, input.GetValue(publishers), input.GetValue(key), input.GetValue(ignore) ?? [], cancellationToken))
        { folder, publishers, key, ignore };
    }

    private static async Task<CommandOutcome> VerifyAsync(string folder, string? publishers, string? keyPath, string[] ignore, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder)) return CommandOutcome.Usage($"there is no folder '{folder}'. Give a version's folder, such as models/keyword/1.");
        if (publishers is not null && keyPath is not null) return CommandOutcome.Usage("--publishers and --key exclude each other: give a folder of public keys, or one of them.");
        if (WhyNoKeys(publishers ?? DefaultPublishers, keyPath) is { } why) return CommandOutcome.Usage(why);
        if (Trusted(publishers ?? DefaultPublishers, keyPath, out var problem) is not { } trusted) return CommandOutcome.Refused(problem!);
        var verdict = await HashingBar.RunAsync("verifying", progress => BundleFolderVerifier.VerifyWholeAsync(folder, trusted, ignore, progress, cancellationToken));
        if (verdict.Statement is not { } statement) return CommandOutcome.Refused(verdict.Problem!);
        return CommandOutcome.Ok(
            new Fact("folder", "verified", folder),
            new Fact("files", "files", statement.Files.Count),
            new Fact("bundle", "bundle", statement.RootDigest),
            new Fact("key_id", "key id", statement.KeyId),
            new Fact("publisher", "by", trusted.First(k => k.KeyId == statement.KeyId).Name));
    }

    private static string? WhyNoKeys(string publishers, string? keyPath)
    {
        if (keyPath is not null) return File.Exists(keyPath) ? null : $"there is no public key '{keyPath}'. It is the file with '{PublisherKeyFile.PublicSuffix}' that 'hybrid keys make' wrote.";
        return Directory.Exists(publishers) ? null : $"there is no folder '{publishers}' of public keys. Give one with --publishers, or one key with --key.";
    }

    private static IReadOnlyList<PublisherKey>? Trusted(string publishers, string? keyPath, out BundleProblem? problem)
    {
        if (keyPath is null) return PublisherKeys.ReadFolder(publishers, out problem);
        return PublisherKeys.ReadFile(keyPath, out problem) is { } one ? [one] : null;
    }
}
