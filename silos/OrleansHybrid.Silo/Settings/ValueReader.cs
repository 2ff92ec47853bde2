using System.Globalization;
using System.Net;
using OrleansHybrid.Domain;

namespace OrleansHybrid.Silo.Settings;

/// <summary>Reads single values of one cell; a value that does not fit leaves an error and the default.</summary>
internal sealed class ValueReader(SettingValues values, SettingErrors errors)
{
    public string? Text(SettingDefinition setting) => values.One(setting)?.Text;

    public T? Value<T>(SettingDefinition setting, T? fallback, Func<string, T?> parse, string allowed) where T : class
    {
        if (values.One(setting) is not { } given) return fallback;
        if (parse(given.Text) is { } value) return value;
        errors.Add(given.Where, $"'{given.Text}' is not allowed", allowed);
        return fallback;
    }

    public int Port(SettingDefinition setting, int fallback)
    {
        if (values.One(setting) is not { } given) return fallback;
        if (int.TryParse(given.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is >= 1 and <= IPEndPoint.MaxPort) return port;
        errors.Add(given.Where, $"'{given.Text}' is no port", "Write a number from 1 to 65535.");
        return fallback;
    }

    public string OneOf(SettingDefinition setting, string fallback, params string[] allowed) =>
        Value(setting, fallback, t => Array.Find(allowed, a => a == t), Choices(Text(setting), allowed))!;

    public Zone Zone(Zone fallback)
    {
        string[] allowed = [Domain.Zone.Edge.WireName(), Domain.Zone.Cloud.WireName()];
        return Zones.TryParse(OneOf(SettingTable.Zone, fallback.WireName(), allowed), out var zone) ? zone : fallback;
    }

    public IReadOnlyList<string> Folders(SettingDefinition setting, string fallback, string currentFolder)
    {
        var given = values.All(setting);
        if (given.Count == 0) return [fallback];
        foreach (var missing in given.Where(g => !Directory.Exists(Path.GetFullPath(g.Text, currentFolder))))
        {
            errors.Add(missing.Where, $"there is no folder '{missing.Text}'", "Give a folder that holds <model>/<version>/ folders.");
        }

        return [.. given.Select(g => Path.GetFullPath(g.Text, currentFolder))];
    }

    private static string Choices(string? given, string[] allowed) =>
        $"Use one of: {string.Join(", ", allowed)}. {DidYouMean.Sentence(given ?? "", allowed)}".TrimEnd();
}
