using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using NJsonSchema;
using OrleansHybrid.Yaml;
using Xunit;

namespace OrleansHybrid.Grains.Tests.Harness;

/// <summary>A committed JSON Schema, over YAML as an editor sees it.</summary>
internal sealed class YamlSchema(string file)
{
    private readonly Lazy<Task<JsonSchema>> schema = new(() => JsonSchema.FromFileAsync(Find(file)));

    public string Path { get; } = Find(file);

    /// <summary>The schema's own text.</summary>
    public string Text => File.ReadAllText(Path);

    public async Task<bool> AcceptsAsync(string yaml)
    {
        var (root, error) = YamlTree.Read(Encoding.UTF8.GetBytes(yaml), int.MaxValue);
        Assert.Null(error);
        return (await schema.Value).Validate(ToJson(root!)?.ToJsonString() ?? "null").Count == 0;
    }

    private static JsonNode? ToJson(YamlValue value) => value switch
    {
        YamlList list => new JsonArray([.. list.Items.Select(ToJson)]),
        YamlMap map => new JsonObject(map.Entries.DistinctBy(e => e.Key).Select(e => KeyValuePair.Create(e.Key, ToJson(e.Value)))),
        YamlScalar { Kind: YamlScalarKind.Null } => null,
        YamlScalar { Kind: YamlScalarKind.Boolean } scalar => JsonValue.Create(bool.Parse(scalar.Text)),
        YamlScalar { Kind: YamlScalarKind.Integer } scalar when long.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => JsonValue.Create(whole),
        YamlScalar { Kind: YamlScalarKind.Number or YamlScalarKind.Integer } scalar when double.TryParse(scalar.Text, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) => JsonValue.Create(number),
        YamlScalar scalar => JsonValue.Create(scalar.Text),
        _ => null,
    };

    /// <summary>By its path below the root of the checkout.</summary>
    private static string Find(string file)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = System.IO.Path.Combine(folder.FullName, file);
            if (File.Exists(path)) return path;
        }

        throw new FileNotFoundException($"{file} is not above the tests' folder");
    }
}
