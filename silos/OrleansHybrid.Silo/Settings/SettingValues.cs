namespace OrleansHybrid.Silo.Settings;

/// <summary>A value as it was given, and where.</summary>
/// <param name="Where">For errors: the flag, the variable, or the file's key.</param>
internal sealed record GivenValue(string Text, string Where);

/// <summary>The values one source gives: the command line, the environment, or one cell of a file.</summary>
internal sealed class SettingValues
{
    private readonly Dictionary<string, List<GivenValue>> values = [];

    public bool IsEmpty => values.Count == 0;

    public IEnumerable<string> Names => values.Keys;

    public void Add(SettingDefinition setting, GivenValue value)
    {
        if (!values.TryGetValue(setting.Name, out var list)) values[setting.Name] = list = [];
        list.Add(value);
    }

    public IReadOnlyList<GivenValue> All(SettingDefinition setting) => values.TryGetValue(setting.Name, out var list) ? list : [];

    public GivenValue? One(SettingDefinition setting) => All(setting) is [.., var last] ? last : null;

    /// <summary>These values, completed from <paramref name="below"/> where nothing is said here.</summary>
    public SettingValues Over(SettingValues below)
    {
        var merged = new SettingValues();
        foreach (var (name, list) in below.values) merged.values[name] = list;
        foreach (var (name, list) in values) merged.values[name] = list;
        return merged;
    }
}
