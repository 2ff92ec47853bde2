using System.CommandLine;
using OrleansHybrid.Cli.Cells;
using OrleansHybrid.Cli.Terminal;

namespace OrleansHybrid.Cli.Commands;

/// <summary><c>hybrid keys endorse --key FILE</c>: a publisher lets a farm's document key sign for it.</summary>
internal static class KeysEndorseCommand
{
    private const int DaysMax = 3650;

    public static Command Create()
    {
        var key = new Option<string>("--key") { Description = "The publisher's private key.", Required = true, HelpName = "FILE" };
        var days = new Option<int>("--days") { Description = "How long the endorsement lasts.", DefaultValueFactory = _ => Endorser.DaysDefault, HelpName = "N" };
        var passphrase = SharedOptions.PassphraseFile();
        Func<ParseResult, (CellClient? Cell, CommandOutcome? Problem)> open = null!;
        var command = new HybridCommand("endorse", "Endorses the document key of a farm's central cell, so that what it signs is believed.", ["hybrid keys endorse --key publisher.key --cell http://127.0.0.1:8000"], (input, cancellationToken) =>
            EndorseAsync(input.GetValue(key)!, input.GetValue(days), input.GetValue(passphrase), () => open(input), cancellationToken))
        { key, days, passphrase };
        open = CellOptions.AddTo(command);
        return command;
    }

    private static async Task<CommandOutcome> EndorseAsync(string keyPath, int days, string? passphraseFile, Func<(CellClient? Cell, CommandOutcome? Problem)> open, CancellationToken cancellationToken)
    {
        if (days is < 1 or > DaysMax) return CommandOutcome.Usage($"expected in --days 1 to {DaysMax}; came {days}.");
        var (opened, problem) = open();
        using var cell = opened;
        if (cell is null) return problem!;
        using var key = SigningKey.Open(keyPath, passphraseFile, out problem);
        if (key is null) return problem!;
        var (view, refused) = await Endorser.EndorseAsync(cell, key, days, onlyMissing: false, cancellationToken);
        if (refused is not null) return refused;
        return CommandOutcome.Ok(
            new Fact("farm", "farm", view!["farm"]!.GetValue<string>()),
            new Fact("document_key", "endorsed", view["key_id"]!.GetValue<string>()),
            new Fact("until", "until", view["endorsements"]!.AsArray().Max(e => e!["expires"]!.GetValue<DateTimeOffset>()).ToString("O", null)));
    }
}
