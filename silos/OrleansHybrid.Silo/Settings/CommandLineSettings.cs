namespace OrleansHybrid.Silo.Settings;

/// <summary>The command line, split into settings. Forms: <c>--name value</c>, <c>--name=value</c>, <c>--switch</c>.</summary>
internal sealed record CommandLineSettings(SettingValues Values, string? ConfigFile, bool Help, bool Version)
{
    public const string ConfigFlag = "--config";
    private static readonly string[] Others = [ConfigFlag, "--help", "--version"];

    public static CommandLineSettings Parse(IReadOnlyList<string> args, SettingErrors errors)
    {
        var values = new SettingValues();
        string? config = null;
        var (help, version) = (false, false);
        for (var i = 0; i < args.Count; i++)
        {
            var (flag, inline) = Split(args[i]);
            if (flag is "--help" or "-h" or "-?") help = true;
            else if (flag == "--version") version = true;
            else if (flag == ConfigFlag) config = Next(args, ref i, flag, inline, "FILE", errors);
            else if (flag.StartsWith("--", StringComparison.Ordinal) && SettingTable.Find(flag[2..]) is { } setting) Add(values, setting, args, ref i, inline, errors);
            else errors.Add(flag, "is no setting", Hint(flag));
        }

        RefuseRepeated(values, errors);
        return new CommandLineSettings(values, config, help, version);
    }

    private static (string Flag, string? Value) Split(string argument)
    {
        var equals = argument.IndexOf('=', StringComparison.Ordinal);
        return argument.StartsWith("--", StringComparison.Ordinal) && equals > 0 ? (argument[..equals], argument[(equals + 1)..]) : (argument, null);
    }

    private static void Add(SettingValues values, SettingDefinition setting, IReadOnlyList<string> args, ref int i, string? inline, SettingErrors errors)
    {
        var text = setting.IsSwitch ? inline ?? "true" : Next(args, ref i, setting.Flag, inline, setting.Value, errors);
        if (text is not null) values.Add(setting, new GivenValue(text, setting.Flag));
    }

    private static string? Next(IReadOnlyList<string> args, ref int i, string flag, string? inline, string value, SettingErrors errors)
    {
        if (inline is not null) return inline;
        if (i + 1 < args.Count && !args[i + 1].StartsWith("--", StringComparison.Ordinal)) return args[++i];
        errors.Add(flag, "came without a value", $"Write {flag} {value}.");
        return null;
    }

    private static void RefuseRepeated(SettingValues values, SettingErrors errors)
    {
        foreach (var setting in SettingTable.All.Where(s => !s.Repeatable && values.All(s).Count > 1))
        {
            errors.Add(setting.Flag, "is given more than once", "Give it once.");
        }
    }

    private static string Hint(string flag)
    {
        var hint = DidYouMean.Sentence(flag, SettingTable.All.Select(s => s.Flag).Concat(Others));
        return hint.Length > 0 ? hint : "--help lists all settings.";
    }
}
