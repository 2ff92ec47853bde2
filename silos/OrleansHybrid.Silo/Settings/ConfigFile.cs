using System.Globalization;
using OrleansHybrid.Domain;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace OrleansHybrid.Silo.Settings;

/// <summary>A YAML file with one key, <c>cells</c>: a list whose entries have the settings' names as keys.</summary>
internal static class ConfigFile
{
    private const string CellsKey = "cells";

    /// <summary>One <see cref="SettingValues"/> a cell, or nothing when the file cannot be used; the errors say why.</summary>
    public static IReadOnlyList<SettingValues> Read(string path, SettingErrors errors)
    {
        if (ReadText(path, errors) is not { } text || ParseRoot(path, text, errors) is not { } root) return [];
        foreach (var key in root.Children.Keys.Select(k => k.ToString()).Where(k => k != CellsKey))
        {
            errors.Add($"{path}: {key}", "is no key of this file", "The file has one key, cells: a list of cells with the settings' names as keys.");
        }

        if (root.Children.TryGetValue(CellsKey, out var cells) && cells is YamlSequenceNode { Children.Count: > 0 } list)
        {
            return [.. list.Children.Select((node, i) => ReadCell(node, $"{path}: cells[{i.ToString(CultureInfo.InvariantCulture)}]", errors))];
        }

        errors.Add(path, "has no cells", "Write at least one: cells: [{ cell: central }].");
        return [];
    }

    private static string? ReadText(string path, SettingErrors errors)
    {
        try
        {
            var file = new FileInfo(path);
            if (file.Exists && file.Length <= Limits.ManifestBytesMax) return File.ReadAllText(path);
            var problem = file.Exists ? $"is larger than {Limits.ManifestBytesMax} bytes" : "was not found";
            errors.Add($"{CommandLineSettings.ConfigFlag} {path}", problem, "Give the path of a YAML file with a list of cells.");
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            errors.Add($"{CommandLineSettings.ConfigFlag} {path}", "cannot be read", "Give this user the right to read it.");
        }

        return null;
    }

    private static YamlMappingNode? ParseRoot(string path, string text, SettingErrors errors)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            if (stream.Documents is [{ RootNode: YamlMappingNode root }]) return root;
            errors.Add(path, "is not one YAML document with keys", "Write cells: and a list under it.");
        }
        catch (YamlException broken)
        {
            errors.Add(string.Create(CultureInfo.InvariantCulture, $"{path}:{broken.Start.Line}:{broken.Start.Column}"), "is not valid YAML", "Mend the file at that place.");
        }

        return null;
    }

    private static SettingValues ReadCell(YamlNode node, string place, SettingErrors errors)
    {
        var values = new SettingValues();
        if (node is not YamlMappingNode cell)
        {
            errors.Add(place, "is not a cell", "Write keys and values, for example { cell: central, http: \"127.0.0.1:8000\" }.");
            return values;
        }

        foreach (var (key, value) in cell.Children) ReadSetting(values, key.ToString(), value, place, errors);
        return values;
    }

    private static void ReadSetting(SettingValues values, string key, YamlNode value, string place, SettingErrors errors)
    {
        var where = $"{place}.{key}";
        if (SettingTable.Find(key) is not { } setting) errors.Add(where, "is no setting", DidYouMean.Sentence(key, SettingTable.All.Select(s => s.Name)));
        else if (value is YamlScalarNode { Value: { } text }) values.Add(setting, new GivenValue(text, where));
        else if (setting.Repeatable && value is YamlSequenceNode list && list.Children.All(c => c is YamlScalarNode))
        {
            foreach (var item in list.Children) values.Add(setting, new GivenValue(((YamlScalarNode)item).Value ?? "", where));
        }
        else errors.Add(where, "is not a single value", setting.Repeatable ? "Write one value or a list of values." : "Write one value.");
    }
}
