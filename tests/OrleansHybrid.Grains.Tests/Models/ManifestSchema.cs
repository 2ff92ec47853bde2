using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using NJsonSchema;
using OrleansHybrid.Yaml;
using Xunit;

namespace OrleansHybrid.Grains.Tests.Models;

/// <summary>The committed JSON Schema, over YAML as an editor sees it.</summary>
internal static class ManifestSchema
{
    private static readonly Lazy<Task<JsonSchema>> Schema = new(() => JsonSchema.FromFileAsync(Path.Combine(FindFolder(), "model.schema.json")));

    /// <summary>The folder <c>models/schema</c>.</summary>
    public static string Folder { get; } = FindFolder();

    public static async Task<bool> AcceptsAsync(string yaml)
    {
        var (root, error) = YamlTree.Read(Encoding.UTF8.GetBytes(yaml));
        Assert.Null(error);
        return (await Schema.Value).Validate(ToJson(root!)?.ToJsonString() ?? "null").Count == 0;
    }

    private static JsonNode? ToJson(YamlValue value) => value switch
    {
        YamlList list => new JsonArray([.. list.Items.Select(ToJson)]),
        YamlMap map => new JsonObject(map.Entries.DistinctBy(e => e.Key).Select(e => KeyValuePair.Create(e.Key, ToJson(e.Value)))),
        YamlScalar { Kind: YamlScalarKind.Null } => null,
        YamlScalar { Kind: YamlScalarKind.Boolean } scalar => JsonValue.Create(bool.Parse(scalar.Text)),
        YamlScalar { Kind: YamlScalarKind.Integer } scalar => JsonValue.Create(long.Parse(scalar.Text, CultureInfo.InvariantCulture)),
        YamlScalar { Kind: YamlScalarKind.Number } scalar when double.TryParse(scalar.Text, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) => JsonValue.Create(number),
        YamlScalar scalar => JsonValue.Create(scalar.Text),
        _ => null,
    };

    private static string FindFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var schemas = Path.Combine(folder.FullName, "models", "schema");
            if (Directory.Exists(schemas)) return schemas;
        }

        throw new DirectoryNotFoundException("models/schema is not above the tests' folder");
    }
}
