using OrleansHybrid.Grains.Tests.Harness;

namespace OrleansHybrid.Grains.Tests.Models;

/// <summary>The committed schema of manifests.</summary>
internal static class ManifestSchema
{
    private static readonly YamlSchema Schema = new("models/schema/model.schema.json");

    /// <summary>The folder <c>models/schema</c>.</summary>
    public static string Folder => Path.GetDirectoryName(Schema.Path)!;

    public static string Text => Schema.Text;

    public static Task<bool> AcceptsAsync(string yaml) => Schema.AcceptsAsync(yaml);
}
