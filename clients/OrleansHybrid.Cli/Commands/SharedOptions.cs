using System.CommandLine;

namespace OrleansHybrid.Cli.Commands;

/// <summary>Options that several commands have: the same name, the same meaning.</summary>
internal static class SharedOptions
{
    public const string Table = "table";
    public const string Json = "json";

    /// <summary>On every command.</summary>
    public static Option<string> Output { get; } = OutputOption();

    public static Option<string?> PassphraseFile() => new("--passphrase-file")
    {
        Description = "File whose first line is the passphrase of the private key. Without it: HYBRID_PASSPHRASE, else a prompt.",
        HelpName = "FILE",
    };

    public static Option<string[]> Ignore(string what) => new("--ignore") { Description = what, HelpName = "NAME", Arity = ArgumentArity.ZeroOrMore };

    public static Argument<string> Folder() => new("FOLDER") { Description = "A version's folder: <model>/<version>." };

    private static Option<string> OutputOption()
    {
        var option = new Option<string>("--output") { Description = "Form of what is printed.", DefaultValueFactory = _ => Table, Recursive = true, HelpName = "table|json" };
        option.AcceptOnlyFromAmong(Table, Json);
        return option;
    }
}
