using System.Reflection;
using OrleansHybrid.Links.Machine;
using OrleansHybrid.Silo.Settings;
using OrleansHybrid.Silo.Store;
using OrleansHybrid.Silo.Telemetry;

namespace OrleansHybrid.Silo.Start;

/// <summary>From arguments to an exit code: 0 after a drain, 1 when something outside refused the start, 2 for settings that do not fit.</summary>
internal static class SiloProgram
{
    private const int Refused = 1;
    private const int BadSettings = 2;

    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter problems)
    {
        var errors = new SettingErrors();
        var commandLine = CommandLineSettings.Parse(args, errors);
        if (commandLine.Help || commandLine.Version) return Show(commandLine, output);
        var settings = SettingsReader.Read(commandLine, EnvironmentSettings.OfProcess(), Environment.CurrentDirectory, errors);
        if (settings is null) return Complain(errors, problems);

        PrivateFolder.MaskNewFiles();
        using var traces = ProcessTraces.Start();
        try
        {
            await new Farm(settings, OffsetClock.Of(settings.ClockOffset)).RunAsync(output);
            return 0;
        }
        catch (StartFailure failure)
        {
            await problems.WriteLineAsync($"error: {failure.Message}");
            return Refused;
        }
    }

    private static int Show(CommandLineSettings commandLine, TextWriter output)
    {
        if (commandLine.Help) HelpText.Write(output);
        else output.WriteLine($"OrleansHybrid {Assembly.GetExecutingAssembly().GetName().Version?.ToString(3)}");
        return 0;
    }

    private static int Complain(SettingErrors errors, TextWriter problems)
    {
        foreach (var error in errors.All) problems.WriteLine($"error: {error}");
        return BadSettings;
    }
}
