using OrleansHybrid.Domain;
using Spectre.Console;

namespace OrleansHybrid.Cli.Terminal;

/// <summary>A passphrase, or why there is none: exactly one of the two is set.</summary>
internal readonly record struct Passphrase(string? Text, CommandOutcome? Refusal)
{
    public static Passphrase Of(string text) => new(text, null);

    public static Passphrase None(string why) => new(null, CommandOutcome.Usage(why));
}

/// <summary>Where passphrases come from: the file that is named, else <c>HYBRID_PASSPHRASE</c>, else a prompt. Never an argument: other users see those.</summary>
internal static class Passphrases
{
    private const string Variable = "HYBRID_PASSPHRASE";

    public static Passphrase ForKey(string keyPath, string? file) => Given(file) ?? Ask($"Passphrase of {keyPath}:");

    /// <summary>Asks twice: a typing error would make a key that nobody can open.</summary>
    public static Passphrase ForNewKey(string? file)
    {
        if (Given(file) is { } given) return given;
        var first = Ask("Passphrase for the new key:");
        if (first.Text is null) return first;
        return Ask("The same again:").Text == first.Text ? first : Passphrase.None("the two passphrases differ. Start again.");
    }

    private static Passphrase? Given(string? file)
    {
        if (file is not null) return FromFile(file);
        return Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } text ? Passphrase.Of(text) : null;
    }

    /// <summary>The first line, read as a stream: it may be a pipe.</summary>
    private static Passphrase FromFile(string file)
    {
        if (!File.Exists(file)) return Passphrase.None($"there is no passphrase file '{file}'. Make one with the passphrase as its first line, readable by you alone.");
        using var reader = new StreamReader(file);
        var buffer = new char[Limits.KeyFileBytesMax];
        var text = new string(buffer, 0, reader.ReadBlock(buffer)).Split('\n', 2)[0].TrimEnd('\r');
        return text.Length > 0 ? Passphrase.Of(text) : Passphrase.None($"the first line of the passphrase file '{file}' is empty. Write the passphrase there.");
    }

    private static Passphrase Ask(string question)
    {
        if (Console.IsInputRedirected || Console.IsErrorRedirected) return Passphrase.None($"a passphrase is needed, and there is no terminal to ask on. Give it with --passphrase-file FILE or in {Variable}.");
        return Passphrase.Of(ErrorConsole.Instance.Prompt(new TextPrompt<string>(question).Secret(null)));
    }
}
