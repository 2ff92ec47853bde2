namespace OrleansHybrid.Grains.Tests.Models;

/// <summary>One spoiled manifest.</summary>
/// <param name="Find">The text of the good manifest that is replaced; empty: the whole of it.</param>
/// <param name="InSchema">Whether a JSON Schema can express what is wrong.</param>
public sealed record ManifestBadCase(string Name, string Find, string Replace, bool InSchema, params string[] Errors)
{
    public string Yaml => Find.Length == 0 ? Replace : ManifestSample.Good.Replace(Find, Replace, StringComparison.Ordinal);

    public override string ToString() => Name;
}
