using System.Collections;

namespace OrleansHybrid.Silo.Settings;

/// <summary>Settings from <c>HYBRID_…</c> variables. Empty ones count as not given. Variables of other names are left alone: an orchestrator sets some of its own.</summary>
internal static class EnvironmentSettings
{
    public const string ConfigVariable = "HYBRID_CONFIG";

    public static SettingValues Read(IReadOnlyDictionary<string, string> environment)
    {
        var values = new SettingValues();
        foreach (var setting in SettingTable.All)
        {
            if (environment.GetValueOrDefault(setting.Variable) is not { Length: > 0 } text) continue;
            var parts = setting.Repeatable ? text.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries) : [text];
            foreach (var part in parts) values.Add(setting, new GivenValue(part, setting.Variable));
        }

        return values;
    }

    public static IReadOnlyDictionary<string, string> OfProcess() =>
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(e => (string)e.Key, e => e.Value as string ?? "");
}
