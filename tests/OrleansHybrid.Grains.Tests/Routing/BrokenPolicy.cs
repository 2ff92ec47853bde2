using System.Text;

namespace OrleansHybrid.Grains.Tests.Routing;

/// <summary>One broken policy file, with exactly the errors that it must give.</summary>
/// <param name="InSchema">Whether the JSON Schema refuses it too; null: there is no document to hold against it.</param>
public sealed record BrokenPolicy(string Name, bool? InSchema, byte[] Bytes, IReadOnlyList<string> Errors)
{
    /// <summary>As errors show it.</summary>
    public const string File = "policy.yaml";

    public string Yaml => Encoding.UTF8.GetString(Bytes);

    /// <summary>The good policy with texts replaced; an empty text to find stands for the whole.</summary>
    public static BrokenPolicy Edited(string name, bool? inSchema, IReadOnlyList<(string Find, string Replace)> edits, params string[] errors)
    {
        var yaml = PolicySample.Good;
        foreach (var (find, replace) in edits) yaml = find.Length == 0 ? replace : yaml.Replace(find, replace, StringComparison.Ordinal);
        return new BrokenPolicy(name, inSchema, Encoding.UTF8.GetBytes(yaml), errors);
    }

    public override string ToString() => Name;
}
