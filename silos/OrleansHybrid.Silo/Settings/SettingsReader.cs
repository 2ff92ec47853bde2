using System.Globalization;
using OrleansHybrid.Links.Machine;

namespace OrleansHybrid.Silo.Settings;

/// <summary>Command line, environment and file in, checked settings or all errors out. Pure but for reading the file.</summary>
/// <remarks>
/// Precedence: command line over environment over file over default. Without a file and without any setting the built-in farm of three cells starts.
/// With a file of several cells, <c>--cell</c> picks one of them; without it only settings that cells can share may be given outside the file.
/// </remarks>
internal static class SettingsReader
{
    public static FarmSettings? Read(CommandLineSettings commandLine, IReadOnlyDictionary<string, string> environment, string currentFolder, SettingErrors errors)
    {
        var outside = commandLine.Values.Over(EnvironmentSettings.Read(environment));
        var config = commandLine.ConfigFile ?? environment.GetValueOrDefault(EnvironmentSettings.ConfigVariable);
        var sources = string.IsNullOrEmpty(config)
            ? outside.IsEmpty ? BuiltInFarm.Cells() : [outside]
            : Combine(ConfigFile.Read(config, errors), outside, config, errors);

        var cells = sources.Select(s => CellSettingsParser.Parse(s, currentFolder, errors)).ToArray();
        var offset = ClockOffset(environment, errors);
        if (errors.All.Count > 0) return null;
        var farm = new FarmSettings([.. cells.Select(c => c!)], offset);
        FarmRules.Check(farm, errors);
        return errors.All.Count == 0 ? farm : null;
    }

    private static IReadOnlyList<SettingValues> Combine(IReadOnlyList<SettingValues> cells, SettingValues outside, string config, SettingErrors errors)
    {
        if (cells.Count == 0) return [];
        if (outside.One(SettingTable.Cell) is { } picked)
        {
            var chosen = cells.Where(c => NameOf(c) == picked.Text).ToArray();
            if (chosen.Length > 0) return [.. chosen.Select(outside.Over)];
            errors.Add(picked.Where, $"{config} has no cell '{picked.Text}'", $"It has: {string.Join(", ", cells.Select(NameOf))}.");
            return [];
        }

        foreach (var setting in SettingTable.All.Where(s => cells.Count > 1 && s.PerCell && outside.One(s) is not null))
        {
            errors.Add(outside.One(setting)!.Where, $"cannot be shared by the {cells.Count.ToString(CultureInfo.InvariantCulture)} cells of {config}", "Set it in the file, or pick one cell with --cell.");
        }

        return [.. cells.Select(outside.Over)];
    }

    private static string NameOf(SettingValues cell) => cell.One(SettingTable.Cell)?.Text ?? CellSettingsParser.DefaultCell;

    private static TimeSpan ClockOffset(IReadOnlyDictionary<string, string> environment, SettingErrors errors)
    {
        var text = environment.GetValueOrDefault(OffsetClock.Variable);
        if (OffsetClock.TryRead(text) is { } offset) return offset;
        errors.Add(OffsetClock.Variable, $"'{text}' is no time", OffsetClock.Rule);
        return TimeSpan.Zero;
    }
}
